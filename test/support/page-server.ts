import { DIST, serveStatic, type Answer, type StaticServer } from './static-server.js';

export interface PageServer extends StaticServer {
  /** Its origin with a slash. */
  readonly url: string;
  /** Settles when a page asks for `/hold`, which it does with its main thread: it stands still until it is answered. */
  holding(): Promise<HeldPage>;
}

export interface HeldPage {
  /** Lets the page go on. */
  release(): void;
}

/**
 * Serves one page and the built dist/ beside it.
 *
 * @param html The page. `dist/voice-agent.js` loads the element as built.
 * @param pages Further paths of the same origin.
 */
export async function servePage(
  html: string,
  pages: Readonly<Record<string, string | Answer>> = {},
): Promise<PageServer> {
  let hold = (_page: HeldPage): void => undefined;
  const server = await serveStatic({
    pages: { ...pages, '/': html, '/hold': (response) => hold({ release: () => void response.end() }) },
    folders: { '/dist/': DIST },
  });
  return {
    ...server,
    url: `${server.origin}/`,
    holding: () => new Promise((resolve) => (hold = resolve)),
  };
}
