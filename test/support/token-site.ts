import { askAs } from './ask-as.js';
import { DIST, sendHtml, serveStatic, type StaticServer } from './static-server.js';

/**
 * A site with two pages: `/foreign` requests tokens from an endpoint of another origin, and `/own` from the same endpoint
 * through this server, which forwards the requests like a proxy.
 *
 * @param endpoint returns its address; called for every request
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
