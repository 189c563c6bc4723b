/** A browser, and a page that shows the element in any layout and state. */
import { test as base, type Browser, type Page } from '@playwright/test';
import type { AddressInfo } from 'node:net';
import { createServer } from 'vite';
import { projectRoot } from '../../scripts/project-root.mjs';
import { launchChromium } from '../support/launch-chromium.js';
import type { Look } from './page/looks-page.js';

export interface Surroundings {
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: 'light' | 'dark';
  readonly forcedColors?: 'active' | 'none';
  readonly contrast?: 'more' | 'no-preference';
  readonly reducedMotion?: 'reduce' | 'no-preference';
}

export interface LooksFixtures {
  /** The page with these settings; all others have defaults. Animations do not run. */
  readonly openLooks: (surroundings?: Surroundings) => Promise<Page>;
}

interface LooksWorker {
  readonly looksUrl: string;
  readonly chromium: Browser;
  /** One page for all tests, because loading takes longer than a test. */
  readonly looksPage: Page;
}

const USUAL_MEDIA = {
  media: 'screen',
  colorScheme: 'light',
  forcedColors: 'none',
  contrast: 'no-preference',
  reducedMotion: 'reduce',
} as const;

/** Text rendering without corrections for a particular screen. */
const SWITCHES = ['--font-render-hinting=none', '--disable-lcd-text', '--force-color-profile=srgb'];

export const test = base.extend<LooksFixtures, LooksWorker>({
  looksUrl: [
    async ({}, use) => {
      const server = await createServer({
        root: projectRoot,
        configFile: false,
        logLevel: 'warn',
        server: { host: '127.0.0.1', port: 0, hmr: false, watch: null },
        // Otherwise the dev server would bundle the dependencies during a test and reload the page.
        optimizeDeps: { noDiscovery: true },
      });
      await server.listen();
      const { port } = server.httpServer!.address() as AddressInfo;
      await use(`http://127.0.0.1:${port}/test/looks/page/`);
      await server.close();
    },
    { scope: 'worker' },
  ],
  chromium: [
    async ({}, use) => {
      const browser = await launchChromium({ switches: SWITCHES });
      await use(browser);
      await browser.close();
    },
    { scope: 'worker' },
  ],
  looksPage: [
    async ({ chromium, looksUrl }, use) => {
      const page = await chromium.newPage();
      await page.goto(`${looksUrl}looks.html`);
      await page.waitForFunction(() => 'looks' in window);
      await use(page);
      await page.close();
    },
    { scope: 'worker' },
  ],
  openLooks: async ({ looksPage }, use) => {
    await use(async ({ width = 1280, height = 720, ...media } = {}) => {
      await looksPage.setViewportSize({ width, height });
      await looksPage.emulateMedia({ ...USUAL_MEDIA, ...media });
      // The pointer of another test would leave something hovered.
      await looksPage.mouse.move(0, 0);
      return looksPage;
    });
  },
});

export const show = (page: Page, look: Look): Promise<void> =>
  page.evaluate((wanted) => window.looks.show(wanted), look);

/** The layouts with a UI. */
export const FORMS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  panel: { layout: 'panel' },
  bar: { layout: 'bar' },
  button: { layout: 'button' },
  'floating-closed': { layout: 'floating' },
  'floating-open': { layout: 'floating', open: '' },
};

export const MOMENTS = [
  'idle',
  'connecting',
  'listening',
  'thinking',
  'speaking',
  'reconnecting',
  'ended',
  'error',
] as const;
