import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { projectRoot } from '../../scripts/project-root.mjs';
import { askAs } from './ask-as.js';

export interface TokenSite extends AsyncDisposable {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
}

/**
 * A site whose page `/foreign` asks a token endpoint of another origin, and whose page `/own` asks the same one through
 * this server, which hands its questions on as a proxy does.
 *
 * @param endpoint its address, asked for anew each time
 */
export async function serveTokenSite(endpoint: () => string): Promise<TokenSite> {
  const page = (tokenUrl: string): string =>
    `<!doctype html><title>Page</title><link rel="icon" href="data:,">
     <script type="module" src="/voice-agent.js"></script>
     <voice-agent token-url="${tokenUrl}" greeting="Hello there."></voice-agent>`;
  const server = createServer((request, response) => {
    const [path = '/'] = (request.url ?? '/').split('?');
    const answered = async (): Promise<void> => {
      if (path === '/voice-token') {
        const asked = { ...(request.headers as Record<string, string>), 'accept-encoding': 'identity' };
        const { status, headers, text } = await askAs(endpoint(), asked);
        response.writeHead(status, { 'content-type': headers.get('content-type') ?? '' }).end(text);
      } else if (path === '/own' || path === '/foreign') {
        response.setHeader('content-type', 'text/html; charset=utf-8');
        response.end(page(path === '/own' ? '/voice-token' : endpoint()));
      } else {
        response.setHeader('content-type', 'text/javascript');
        response.end(await readFile(join(projectRoot, 'dist', path)));
      }
    };
    answered().catch(() => response.writeHead(404).end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
