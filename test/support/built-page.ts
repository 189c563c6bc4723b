/** A page with the built element, from a server with the whole of dist/. A test may replace its files. */
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from '@playwright/test';
import { startAgent } from '../../agent/server.js';
import { projectRoot } from '../../scripts/project-root.mjs';
import { agentPageHtml, openAgentPage } from './agent-page.js';
import { serveFolder } from './static-server.js';

export interface BuiltPage extends AsyncDisposable {
  readonly page: Page;
}

export interface BuiltPageOptions {
  /** Script of the element, relative to dist/. */
  readonly script?: string;
  /** Path in dist/ → the content that the server has there. */
  readonly files?: Readonly<Record<string, string>>;
  readonly attributes?: Readonly<Record<string, string>>;
  /** Called before the page is opened. */
  readonly prepare?: (page: Page) => Promise<unknown>;
}

export async function openBuiltPage(browser: Browser, options: BuiltPageOptions = {}): Promise<BuiltPage> {
  const { script = 'voice-agent.js', files = {}, attributes = {}, prepare } = options;
  const agent = await startAgent();
  const html = agentPageHtml({ 'token-url': `${agent.url}/voice-token`, ...attributes });
  const folder = await mkdtemp(join(tmpdir(), 'built-page-'));
  await writeFile(join(folder, 'index.html'), html.replace('/dist/voice-agent.js', `/dist/${script}`));
  await cp(join(projectRoot, 'dist'), join(folder, 'dist'), { recursive: true });
  // Not by Playwright's interception, which does not see the requests of worklets.
  for (const [path, text] of Object.entries(files)) await writeFile(join(folder, 'dist', path), text);
  const server = await serveFolder(folder);
  const context = await browser.newContext();
  const page = await context.newPage();
  await prepare?.(page);
  await openAgentPage(page, server.origin);
  return {
    page,
    async [Symbol.asyncDispose]() {
      await context.close();
      await server[Symbol.asyncDispose]();
      await agent.close();
      await rm(folder, { recursive: true });
    },
  };
}
