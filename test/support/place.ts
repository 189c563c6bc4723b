/** Pages as other people make them: builders, tag managers, shops. */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser, Page } from '@playwright/test';
import { projectRoot } from '../../scripts/project-root.mjs';
import { ScriptedServer } from './scripted-server.js';

export interface Place extends AsyncDisposable {
  readonly page: Page;
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
  /** What takes its calls. */
  readonly server: ScriptedServer;
  /** Paths it was asked for. */
  readonly asked: readonly string[];
  /** Errors of its console, violations of its policy among them. */
  readonly complaints: readonly string[];
}

export interface PlaceOptions {
  /**
   * HTML by path. `{{call}}` stands for what leads a call to the scripted server, as attributes: `data-server-url="…"`;
   * `{{origin}}` and `{{other}}` for the same server under two names.
   */
  readonly pages: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Files of dist/ are held back until this is settled; rejected: they are refused that often. */
  readonly holdElement?: (attempt: number) => Promise<unknown>;
}

/** Opens `/` of the place. */
export async function openPlace(browser: Browser, options: PlaceOptions): Promise<Place> {
  const server = await ScriptedServer.listen();
  const asked: string[] = [];
  let attempts = 0;
  const web = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://place');
    asked.push(pathname);
    const { port } = web.address() as AddressInfo;
    const html = options.pages[pathname];
    if (html !== undefined) {
      const filled = html
        .replaceAll('{{call}}', `data-server-url="${server.url}" data-token="a-token"`)
        .replaceAll('{{query}}', `server-url=${encodeURIComponent(server.url)}&token=a-token`)
        .replaceAll('{{attributes}}', `server-url="${server.url}" token="a-token"`)
        .replaceAll('{{origin}}', `http://127.0.0.1:${port}`)
        .replaceAll('{{other}}', `http://localhost:${port}`);
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...options.headers }).end(filled);
      return;
    }
    const file = /^\/dist\/([\w/-]+\.js)$/.exec(pathname)?.[1];
    const held =
      file === 'voice-agent.js'
        ? (options.holdElement?.(++attempts) ?? Promise.resolve())
        : Promise.resolve();
    held
      .then(() => readFile(join(projectRoot, 'dist', file ?? 'none')))
      .then(
        (content) =>
          response
            .writeHead(200, { 'content-type': 'text/javascript', 'access-control-allow-origin': '*' })
            .end(content),
        () => response.writeHead(pathname === '/favicon.ico' ? 204 : 404).end(),
      );
  });
  web.listen(0);
  await once(web, 'listening');
  const origin = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
  const context = await browser.newContext();
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(`${origin}/`);
  return {
    ...{ page, origin, server, asked, complaints },
    async [Symbol.asyncDispose]() {
      await context.close();
      web.close();
      web.closeAllConnections();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** How often the element is there, in the page and in its shadow roots. */
export function countElements(page: Pick<Page, 'locator'>): Promise<number> {
  return page.locator('voice-agent').count();
}
