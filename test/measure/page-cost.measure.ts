import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from '@playwright/test';
import { projectRoot } from '../../scripts/project-root.mjs';
import { machineLoad, type Claim } from '../support/figures.js';
import { launchChromium } from '../support/launch-chromium.js';
import { servePage } from '../support/page-server.js';
import { codeBlocks } from '../support/readme-blocks.js';
import { controlOf, startControls } from './controls.js';
import { median, summary, type Scenario } from './scenario.js';

const ROUNDS = 9;
const SLOWER = 4;

const MAIN_THREAD: Claim = {
  figure: 'main-thread time before any click, CPU slowed 4 times, median',
  bound: 'at most',
  limit: 40,
  unit: 'ms',
};
const none = (figure: string): Claim => ({ figure, bound: 'at most', limit: 0, unit: '' });
const LONG_TASKS = none('long tasks before any click');
const SHIFTS = none('layout shifts before any click');
const REQUESTS = none('requests before any click, besides the script');

const HEAD = '<!doctype html><html lang="en"><title>A page</title><link rel="icon" href="data:,">';
const TEXT = '<p>The text of the page.</p>';

/** The page reserves the place of the tag, with the rules of the guide. */
async function placeRules(): Promise<string> {
  const guide = await readFile(join(projectRoot, 'docs/guides/theming.md'), 'utf8');
  const rules = codeBlocks(guide).find(({ code }) => code.includes('voice-agent:not(:defined) {'));
  if (!rules) throw new Error('The guide has no rules for a tag without its script.');
  return `<style>${rules.code}</style>`;
}

const TAG =
  '<script type="module" src="/dist/voice-agent.js"></script><voice-agent token-url="/voice-token"></voice-agent>';

/** The least that any tag costs on this machine. */
const PLAIN_TAG = `<script type="module">
  customElements.define('plain-tag', class extends HTMLElement {
    connectedCallback() { this.attachShadow({ mode: 'open' }).innerHTML = '<button>Start</button>'; }
  });</script><plain-tag></plain-tag>`;

interface Cost {
  readonly mainThreadMs: number;
  readonly longTasks: number;
  readonly shifts: number;
  readonly requests: number;
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  /** Of the thread itself, without what other processes took. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string; readonly data?: { readonly documentLoaderURL?: string } };
}

/** Runs before the scripts of the page. */
function observe(): void {
  const seen = { longTasks: 0, shifts: 0 };
  Object.assign(window, { seen });
  for (const [type, key] of [
    ['longtask', 'longTasks'],
    ['layout-shift', 'shifts'],
  ] as const)
    new PerformanceObserver((list) => (seen[key] += list.getEntries().length)).observe({ type });
}

/** What the main thread of that page did, from its navigation on. */
function mainThreadMs(events: readonly TraceEvent[], url: string): number {
  const start = events.find(
    ({ name, args }) => name === 'navigationStart' && args?.data?.documentLoaderURL === url,
  );
  if (!start) throw new Error('The trace has no navigation to the page.');
  const isMain = ({ name, args }: TraceEvent) => name === 'thread_name' && args?.name === 'CrRendererMain';
  const threads = events.filter((event) => event.pid === start.pid && isMain(event)).map(({ tid }) => tid);
  return events
    .filter(({ name, ph, pid, tid, ts }) => {
      const isTask = ph === 'X' && (name === 'RunTask' || name === 'ThreadControllerImpl::RunTask');
      return isTask && pid === start.pid && threads.includes(tid) && ts >= start.ts;
    })
    .reduce((sum, { dur = 0, tdur = dur }) => sum + tdur / 1000, 0);
}

async function costOf(browser: Browser, html: string): Promise<Cost> {
  await using web = await servePage(html);
  const context = await browser.newContext();
  const page = await context.newPage();
  const path = join(tmpdir(), `trace-${process.pid}.json`);
  try {
    const requests: string[] = [];
    page.on('request', (request) => requests.push(new URL(request.url()).pathname));
    await page.addInitScript(observe);
    const devTools = await context.newCDPSession(page);
    await devTools.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
    await browser.startTracing(page, {
      path,
      categories: ['toplevel', 'blink.user_timing', 'devtools.timeline'],
    });
    await page.goto(web.url);
    await page.waitForLoadState('networkidle');
    // A second later nothing is left to do.
    await page.evaluate(() => new Promise((next) => setTimeout(next, 1_000)));
    await browser.stopTracing();
    const { traceEvents } = JSON.parse(await readFile(path, 'utf8')) as { traceEvents: TraceEvent[] };
    const seen = await page.evaluate(
      () => (window as unknown as { seen: { longTasks: number; shifts: number } }).seen,
    );
    return {
      ...seen,
      mainThreadMs: mainThreadMs(traceEvents, web.url),
      requests: requests.filter((path_) => path_ !== '/' && path_ !== '/dist/voice-agent.js').length,
    };
  } finally {
    await context.close();
    await rm(path, { force: true });
  }
}

export const scenario: Scenario = {
  name: 'page-cost',
  about: `What the tag costs a page before any click, ${ROUNDS} times on a CPU slowed ${SLOWER} times: all tasks of the main thread in the trace, less those of the same page without the tag. The page reserves the tag's place, as the guide to styling shows.`,
  claims: [MAIN_THREAD, LONG_TASKS, SHIFTS, REQUESTS],
  async run() {
    const browser = await launchChromium({ animated: true });
    try {
      await using controls = await startControls(browser);
      const head = `${HEAD}${await placeRules()}`;
      const [without, withTag, withPlain]: [Cost[], Cost[], Cost[]] = [[], [], []];
      for (let round = 0; round < ROUNDS; round++) {
        without.push(await costOf(browser, `${head}${TEXT}`));
        withTag.push(await costOf(browser, `${head}${TAG}${TEXT}`));
        withPlain.push(await costOf(browser, `${head}${PLAIN_TAG}${TEXT}`));
      }
      const control = controlOf(await controls.read(), 'worklet', 0.9, 20);
      const load = machineLoad();
      const bare = median(without.map(({ mainThreadMs }) => mainThreadMs));
      const [costs, plain] = [withTag, withPlain].map((all) =>
        all.map(({ mainThreadMs }) => mainThreadMs - bare),
      ) as [number[], number[]];
      const count = (key: 'longTasks' | 'shifts' | 'requests', what: string, claim: Claim) => {
        const value = median(withTag.map((cost) => cost[key]));
        return { what, value, unit: '', claim, control, load };
      };
      return [
        {
          what: 'main thread',
          value: median(costs),
          unit: 'ms',
          detail: summary(costs),
          claim: MAIN_THREAD,
          control,
          load,
        },
        {
          what: 'the same, for a custom element of one button without a library',
          value: median(plain),
          unit: 'ms',
          detail: summary(plain),
          load,
        },
        count('longTasks', 'long tasks', LONG_TASKS),
        count('shifts', 'layout shifts', SHIFTS),
        count('requests', 'requests', REQUESTS),
      ];
    } finally {
      await browser.close();
    }
  },
};
