import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { projectRoot } from '../../scripts/project-root.mjs';

export interface PageServer extends AsyncDisposable {
  /** `http://127.0.0.1:<port>/`; loopback counts as secure. */
  readonly url: string;
  readonly port: number;
  /** Settles when a page asks for `/hold`, which it does with its main thread: it stands still until it is answered. */
  holding(): Promise<HeldPage>;
}

export interface HeldPage {
  /** Lets the page go on. */
  release(): void;
}

/**
 * Serves one page and the built dist/ beside it, as anybody's static web server would.
 *
 * @param html The page. `dist/voice-agent.js` loads the element as built.
 */
export async function servePage(html: string): Promise<PageServer> {
  let hold = (_page: HeldPage): void => undefined;
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (pathname === '/') {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(html);
      return;
    }
    if (pathname === '/hold') {
      hold({ release: () => void response.writeHead(200, { 'content-type': 'text/plain' }).end() });
      return;
    }
    const file = /^\/dist\/([\w-]+\.js)$/.exec(pathname)?.[1];
    if (file === undefined) {
      response.writeHead(404).end();
      return;
    }
    readFile(join(projectRoot, 'dist', file)).then(
      (content) => response.writeHead(200, { 'content-type': 'text/javascript' }).end(content),
      () => response.writeHead(404).end(),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    port,
    holding: () => new Promise((resolve) => (hold = resolve)),
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
