/** The web server for the pages of all tests: folders, pages as text, and handlers. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import sirv from 'sirv';
import { projectRoot } from '../../scripts/project-root.mjs';

export const DIST = join(projectRoot, 'dist');

/** May answer later. If it rejects, the answer is 404. */
export type Answer = (response: ServerResponse, request: IncomingMessage) => unknown;

export interface StaticServer extends AsyncDisposable {
  /** `http://127.0.0.1:<port>`, without a slash at the end. Loopback counts as secure. */
  readonly origin: string;
  readonly port: number;
}

export interface StaticServerOptions {
  /** HTML or a handler, by path. Takes precedence over the folders. */
  readonly pages?: Readonly<Record<string, string | Answer>>;
  /** By path prefix, with a slash at both ends. The first match counts. */
  readonly folders?: Readonly<Record<string, string>>;
  /** For every answer, by the host name of the request, because one server can be several origins. */
  readonly headers?: (host: string) => Readonly<Record<string, string>>;
  /** Called for every request; the answer waits for it. If it rejects, the answer is 404. */
  readonly asked?: (path: string) => unknown;
}

export async function serveStatic(options: StaticServerOptions): Promise<StaticServer> {
  const { pages = {}, headers, asked } = options;
  const folders = Object.entries(options.folders ?? {}).map(([prefix, folder]) => ({
    prefix,
    serve: sirv(folder, { dev: true, etag: true, dotfiles: true }),
  }));
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
    for (const [name, value] of Object.entries(headers?.(request.headers.host ?? '') ?? {}))
      response.setHeader(name, value);
    await asked?.(pathname);
    const page = pages[pathname];
    const folder = folders.find(({ prefix }) => pathname.startsWith(prefix));
    if (typeof page === 'string') sendHtml(response, page);
    else if (page) await page(response, request);
    // Browsers request it if a page names no icon.
    else if (pathname === '/favicon.ico') response.writeHead(204).end();
    else if (folder) {
      request.url = pathname.slice(folder.prefix.length - 1);
      folder.serve(request, response);
    } else response.writeHead(404).end();
  };
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.writeHead(404).end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    port,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

export function sendHtml(response: ServerResponse, html: string): void {
  response.setHeader('content-type', 'text/html; charset=utf-8');
  response.end(html);
}

/** @param options `mounts`: further folders by path prefix */
export function serveFolder(
  folder: string,
  { mounts, ...options }: FolderOptions = {},
): Promise<StaticServer> {
  return serveStatic({ ...options, folders: { ...mounts, '/': folder } });
}

export interface FolderOptions extends Pick<StaticServerOptions, 'headers' | 'asked'> {
  readonly mounts?: Readonly<Record<string, string>>;
}
