/**
 * How the scripts of the other threads reach the browser: as files of the page's own server, or from the texts inside this
 * script. A content security policy may allow only one of the two, and it cannot be asked, only tried.
 */

/** Files of the strict build: beside the script, or in the folder that `asset-base` names. */
export type AssetFile = 'voice-processor.js' | 'session-worker.js' | 'session.js' | 'engine.wasm';

/** From its own address, or from a text. */
export type AssetWay = 'file' | 'blob';

// In a variable: bundlers take `new URL('…', import.meta.url)` for a file that they shall look for.
const HERE = import.meta.url;

/**
 * @param base folder of the files, relative to the page; beside this script by default
 * @throws TypeError where neither is an address, as in a bundle that is no module
 */
export function assetUrl(file: AssetFile, base: string | undefined): string {
  return new URL(file, base ? new URL(base.replace(/\/?$/, '/'), document.baseURI) : HERE).href;
}

/**
 * Tries one way after the other until the browser takes one. Texts first, since a single file has no neighbours; the files
 * first where the page names their folder, or where there is no text: then the file's own text is the second try.
 *
 * @param text what the file holds but for `ending`; empty in the strict build
 * @param use settles when the browser has accepted the address
 * @throws what the last way threw
 */
export async function loadAsset<Result>(
  file: AssetFile,
  text: string,
  ending: string,
  base: string | undefined,
  use: (url: string) => Promise<Result>,
): Promise<{ result: Result; way: AssetWay }> {
  const ways: [AssetWay, AssetWay] = ['blob', 'file'];
  if (base || text === '') ways.reverse();
  let failure: unknown;
  for (const way of ways) {
    let url = '';
    try {
      url = way === 'file' ? assetUrl(file, base) : await blobUrl(file, text && text + ending, base);
      return { result: await use(url), way };
    } catch (error) {
      failure = error;
    } finally {
      URL.revokeObjectURL(url);
    }
  }
  throw failure;
}

async function blobUrl(file: AssetFile, text: string, base: string | undefined): Promise<string> {
  const script = text || (await (await fetchAsset(file, base)).text());
  return URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
}

/** @throws TypeError when it cannot be had */
export async function fetchAsset(file: AssetFile, base: string | undefined): Promise<Response> {
  const response = await fetch(assetUrl(file, base));
  if (!response.ok) throw new TypeError(`${file}: ${response.status}`);
  return response;
}
