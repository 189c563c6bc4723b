import { DIST, serveStatic, type Answer, type StaticServer } from './static-server.js';

export interface PageServer extends StaticServer {
  /** The origin with a slash at the end. */
  readonly url: string;
  /** Resolves when a page requests `/hold` synchronously. Its main thread is blocked until the answer. */
  holding(): Promise<HeldPage>;
}

export interface HeldPage {
  /** Answers, so that the page continues. */
  release(): void;
}

/**
 * Serves one page and the built dist/.
 *
 * @param html The page. `dist/voice-agent.js` loads the element as built.
 * @param pages further pages of the same origin, by path
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
