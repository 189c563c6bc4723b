/**
 * How the scripts of the other threads reach the browser: as files of the page's own server, or from the texts inside this
 * script. A content security policy may allow only one of the two, and it cannot be asked, only tried.
 */

import { VoiceAgentError } from '../errors.js';
import { pageAddress } from './page-address.js';

/** Files of the strict build: beside the script, or in the folder that `asset-base` names. */
export type AssetFile = 'voice-processor.js' | 'session-worker.js' | 'session.js' | 'engine.wasm';

/** From its own address, or from a text. */
export type AssetWay = 'file' | 'blob';

/**
 * Set by the build: whether the maps of the texts are files beside this script, as they are for the one file and for `npm start`.
 * A bundler moves this script away from them.
 */
declare const __MAPS_BESIDE__: boolean | undefined;
const MAPS_BESIDE = typeof __MAPS_BESIDE__ === 'undefined' || __MAPS_BESIDE__;

// In a variable: bundlers take `new URL('…', import.meta.url)` as a file to load.
const HERE = import.meta.url;

/**
 * @param base folder of the files, relative to the page; beside this script by default
 * @throws TypeError where neither is an address, as in a bundle that is no module
 */
export function assetUrl(file: AssetFile, base: string | undefined): string {
  return new URL(file, base ? pageAddress(base.replace(/\/?$/, '/')) : HERE).href;
}

/**
 * Tries one way after the other until the browser takes one. Texts first, since a single file has no neighbours; the files
 * first where the page names their folder, or where there is no text: then the file's own text is the second try.
 *
 * @param text what the file holds but for `ending`; empty in the strict build
 * @param use settles when the browser has accepted the address
 * @throws what the last way threw, or a `VoiceAgentError` of the first
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
      url = way === 'file' ? assetUrl(file, base) : blobUrl(await scriptText(file, text, ending, base));
      return { result: await use(url), way };
    } catch (error) {
      // That a file is of another release says more than that the next way was refused.
      if (!(failure instanceof VoiceAgentError)) failure = error;
    } finally {
      URL.revokeObjectURL(url);
    }
  }
  throw failure;
}

async function scriptText(
  file: AssetFile,
  text: string,
  ending: string,
  base: string | undefined,
): Promise<string> {
  if (text === '') return (await fetchAsset(file, base)).text();
  return text + ending + (MAPS_BESIDE ? toolsComments(assetUrl(file, base)) : '');
}

/** For a browser's developer tools, which ask for the map only when they are open: errors then show our file and line. */
function toolsComments(url: string): string {
  return `\n//# sourceURL=${url}\n//# sourceMappingURL=${url}.map`;
}

function blobUrl(script: string): string {
  return URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
}

/** @throws TypeError when it cannot be had */
export async function fetchAsset(file: AssetFile, base: string | undefined): Promise<Response> {
  const response = await fetch(assetUrl(file, base));
  if (!response.ok) throw new TypeError(`${file}: ${response.status}`);
  return response;
}
