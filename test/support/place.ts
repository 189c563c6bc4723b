/** Pages of builders, tag managers and shops. */
import type { Browser, Page } from '@playwright/test';
import { ScriptedServer } from './scripted-server.js';
import { DIST, sendHtml, serveStatic, type StaticServer } from './static-server.js';

export const LOADER = '/dist/voice-agent-loader.js';
/** The line of the loader, for a page of {@link PlaceOptions}. */
export const LINE = `<script src="${LOADER}" {{call}} async></script>`;

export function pageOf(body: string, head = ''): string {
  return `<!doctype html><html lang="en"><head><title>Page</title>${head}</head><body>${body}</body></html>`;
}

export interface Place extends AsyncDisposable {
  readonly page: Page;
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
  /** The server of its calls. */
  readonly server: ScriptedServer;
  /** Requested paths. */
  readonly asked: readonly string[];
  /** Errors in its console, including violations of its policy. */
  readonly consoleErrors: readonly string[];
}

export interface PlaceOptions {
  /**
   * HTML by path. `{{attributes}}` becomes the attributes that direct a call to the scripted server, `{{call}}` the same
   * for the loader, `{{query}}` the same as a query. `{{origin}}` and `{{other}}` are two origins of this web server.
   */
  readonly pages: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Delays each request for `voice-agent.js` until this resolves. If it rejects, the answer is 404. */
  readonly holdElement?: (attempt: number) => Promise<unknown>;
}

/** Opens `/` of the place. */
export async function openPlace(browser: Browser, options: PlaceOptions): Promise<Place> {
  const server = await ScriptedServer.listen();
  const asked: string[] = [];
  let attempts = 0;
  const web: StaticServer = await serveStatic({
    pages: Object.fromEntries(
      Object.entries(options.pages).map(([path, html]) => [
        path,
        (response) => {
          response.setHeaders(new Headers(options.headers));
          sendHtml(response, fill(html));
        },
      ]),
    ),
    folders: { '/dist/': DIST },
    headers: () => ({ 'access-control-allow-origin': '*' }),
    asked(path) {
      asked.push(path);
      if (path === '/dist/voice-agent.js') return options.holdElement?.(++attempts);
    },
  });
  const { origin, port } = web;
  const fill = (html: string): string =>
    html
      .replaceAll('{{call}}', `data-server-url="${server.url}" data-token="a-token"`)
      .replaceAll('{{query}}', `server-url=${encodeURIComponent(server.url)}&token=a-token`)
      .replaceAll('{{attributes}}', `server-url="${server.url}" token="a-token"`)
      .replaceAll('{{origin}}', origin)
      .replaceAll('{{other}}', `http://localhost:${port}`);
  const context = await browser.newContext();
  const page = await context.newPage();
  const consoleErrors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') consoleErrors.push(message.text());
  });
  page.on('pageerror', (error) => consoleErrors.push(error.message));
  await page.goto(`${origin}/`);
  return {
    page,
    origin,
    server,
    asked,
    consoleErrors,
    async [Symbol.asyncDispose]() {
      await context.close();
      await web[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}
