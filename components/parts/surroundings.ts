/** The element around another one as things are drawn: through slots and shadow roots. */
export function around(element: Element): Element | null | undefined {
  return element.assignedSlot ?? element.parentElement ?? (element.getRootNode() as Partial<ShadowRoot>).host;
}
