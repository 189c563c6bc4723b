/**
 * Sets an attribute that does not have this value yet. @param value false removes it, if it is there: polyfills of
 * custom elements report a removal even if nothing was removed.
 */
export function setAttribute(element: Element, name: string, value: string | false): void {
  if ((element.getAttribute(name) ?? false) === value) return;
  if (value === false) element.removeAttribute(name);
  else element.setAttribute(name, value);
}
