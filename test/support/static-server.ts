import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize, sep } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
};

export interface StaticServer extends AsyncDisposable {
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  readonly origin: string;
  /** Path of every request so far. */
  readonly requests: string[];
}

export interface StaticServerOptions {
  /** By host name of the request: the same server can be two origins. */
  readonly headers?: (host: string) => Readonly<Record<string, string>>;
  /** Put into HTML files for `{{name}}`. */
  readonly values?: Readonly<Record<string, string>>;
  /** Further folders by path prefix, e.g. `/voice-agent/`. */
  readonly mounts?: Readonly<Record<string, string>>;
}

/** Serves a folder as anybody's web server would. */
export async function serveFolder(folder: string, options: StaticServerOptions = {}): Promise<StaticServer> {
  const { headers = () => ({}), values = {}, mounts = {} } = options;
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
    requests.push(pathname);
    const prefix = Object.keys(mounts).find((candidate) => pathname.startsWith(candidate));
    const root = prefix === undefined ? folder : (mounts[prefix] ?? folder);
    const rest = prefix === undefined ? pathname : pathname.slice(prefix.length);
    const path = normalize(join(root, rest.endsWith('/') || rest === '' ? `${rest}index.html` : rest));
    if (path !== root && !path.startsWith(root + sep)) {
      response.writeHead(404).end();
      return;
    }
    readFile(path).then(
      (content) => {
        const type = TYPES[extname(path)] ?? 'application/octet-stream';
        const body = type.startsWith('text/html') ? fill(content.toString(), values) : content;
        response.writeHead(200, { 'content-type': type, ...headers(request.headers.host ?? '') }).end(body);
      },
      // Browsers ask for it by themselves, where a page names no icon.
      () => response.writeHead(pathname === '/favicon.ico' ? 204 : 404).end(),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function fill(html: string, values: Readonly<Record<string, string>>): string {
  return html.replace(/\{\{(\w+)\}\}/g, (match, name: string) => values[name] ?? match);
}
