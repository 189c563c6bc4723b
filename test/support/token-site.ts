import { askAs } from './ask-as.js';
import { DIST, sendHtml, serveStatic, type StaticServer } from './static-server.js';

/**
 * A site whose page `/foreign` asks a token endpoint of another origin, and whose page `/own` asks the same one through
 * this server, which hands its questions on as a proxy does.
 *
 * @param endpoint its address, looked up for every request
 */
export function serveTokenSite(endpoint: () => string): Promise<StaticServer> {
  const page = (tokenUrl: string): string =>
    `<!doctype html><title>Page</title><link rel="icon" href="data:,">
     <script type="module" src="/voice-agent.js"></script>
     <voice-agent token-url="${tokenUrl}" greeting="Hello there."></voice-agent>`;
  return serveStatic({
    pages: {
      '/own': page('/voice-token'),
      '/foreign': (response) => sendHtml(response, page(endpoint())),
      '/voice-token': async (response, request) => {
        const asked = { ...(request.headers as Record<string, string>), 'accept-encoding': 'identity' };
        const { status, headers, text } = await askAs(endpoint(), asked);
        response.writeHead(status, { 'content-type': headers.get('content-type') ?? '' }).end(text);
      },
    },
    folders: { '/': DIST },
  });
}
