/** The element around another one as things are drawn: through slots and shadow roots. */
export function around(element: Element): Element | null | undefined {
  return element.assignedSlot ?? element.parentElement ?? (element.getRootNode() as Partial<ShadowRoot>).host;
}

/** Whether a target of an event is around an element. */
export function isAround(target: unknown, element: Element): boolean {
  let each = around(element);
  while (each && each !== target) each = around(each);
  return !!each;
}
