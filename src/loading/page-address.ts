/**
 * An address as `fetch()` resolves it: against `<base href>`, and in a `srcdoc` frame against the page around it. A user
 * and a password are taken out: a staging site's address carries them, and `fetch()` refuses them.
 * @throws TypeError when it is not an address
 */
export function pageAddress(value: string): URL {
  const url = new URL(value, document.baseURI);
  url.username = url.password = '';
  return url;
}
