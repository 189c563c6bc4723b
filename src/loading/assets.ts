/**
 * Loads the scripts of the other threads: from files on the page's server, or from text inside this script. A content
 * security policy may allow only one of the two, which cannot be queried, only tried.
 */
import type { ErrorKey } from '../error-catalogue.js';
import { VoiceAgentError } from '../errors.js';
import { pageAddress } from './page-address.js';

/** Files of the strict build: next to the script, or in the folder that `asset-base` names. */
export type AssetFile = 'voice-processor.js' | 'session-worker.js' | 'session.js' | 'engine.wasm';

/** From its own URL, or from a blob. */
export type AssetWay = 'file' | 'blob';

/**
 * Set by the build: whether the source maps are files next to this script, as for `voice-agent.js` and `npm start`. A
 * bundler separates them.
 */
declare const __MAPS_BESIDE__: boolean | undefined;
const MAPS_BESIDE = typeof __MAPS_BESIDE__ === 'undefined' || __MAPS_BESIDE__;

// In a variable, because bundlers would resolve `new URL('…', import.meta.url)` as a file.
const HERE = import.meta.url;

/**
 * @param base folder of the files, relative to the page; default: the folder of this script
 * @throws TypeError if neither is a URL, as in a bundle that is not a module
 */
export function assetUrl(file: AssetFile, base: string | undefined): string {
  return new URL(file, base ? pageAddress(base.replace(/\/?$/, '/')) : HERE).href;
}

/**
 * Tries each way until the browser accepts one. Blobs come first, since a single file has no others next to it. Files
 * come first if the page names their folder or there is no text; then the second attempt is a blob with the file's
 * text.
 *
 * @param text the file's content without `ending`; empty in the strict build
 * @param refused the error if the browser accepts neither
 * @param use resolves when the browser has accepted the URL
 * @throws {VoiceAgentError} `refused`, or what `use` has thrown of this class
 */
export async function loadAsset<Result>(
  file: AssetFile,
  text: string,
  ending: string,
  base: string | undefined,
  refused: ErrorKey,
  use: (url: string, way: AssetWay) => Promise<Result>,
): Promise<Result> {
  const ways: [AssetWay, AssetWay] = ['blob', 'file'];
  if (base || !text) ways.reverse();
  let failure: unknown;
  for (const way of ways) {
    let url = '';
    try {
      if (way === 'file') url = assetUrl(file, base);
      else {
        const script = text
          ? text + ending + toolsComments(file, base)
          : await (await fetchAsset(file, base)).text();
        url = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
      }
      return await use(url, way);
    } catch (error) {
      // A wrong release is a more useful error than the refusal of the next way.
      if (!(failure instanceof VoiceAgentError)) failure = error;
    } finally {
      URL.revokeObjectURL(url);
    }
  }
  throw failure instanceof VoiceAgentError ? failure : VoiceAgentError.fatal(refused, { cause: failure });
}

/** For developer tools, which fetch the map only when they are open: errors then show the source file and line. */
function toolsComments(file: AssetFile, base: string | undefined): string {
  // A classic script has no address: bundlers leave its `import.meta` empty.
  if (!MAPS_BESIDE) return '';
  try {
    const url = assetUrl(file, base);
    return `\n//# sourceURL=${url}\n//# sourceMappingURL=${url}.map`;
  } catch {
    // Nor has a script that was imported from a blob a folder.
    return '';
  }
}

/** @throws TypeError if it cannot be loaded */
export async function fetchAsset(file: AssetFile, base: string | undefined): Promise<Response> {
  const response = await fetch(assetUrl(file, base));
  if (!response.ok) throw new TypeError(`${file}: ${response.status}`);
  return response;
}
