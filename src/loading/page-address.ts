/**
 * Resolves a URL like `fetch()`: against `<base href>`, and in a `srcdoc` frame against the embedding page. User and
 * password are removed: a staging site's URL contains them, and `fetch()` rejects them.
 * @throws TypeError if it is not a URL
 */
export function pageAddress(value: string): URL {
  const url = new URL(value, document.baseURI);
  url.username = url.password = '';
  return url;
}
