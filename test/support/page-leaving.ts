/** All ways to leave a page during a call. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, Page } from '@playwright/test';
import { openAgentPage, serveAgentPage, startCall } from './agent-page.js';
import { ScriptedServer } from './scripted-server.js';

/** By then, the tab's processes have ended, so a `session.end` that is still missing will not arrive. */
const END_MS = 15_000;

type Leave = (page: Page) => Promise<unknown>;
const WAYS: readonly (readonly [string, Leave])[] = [
  ['closed', (page) => page.close()],
  ['reloaded', (page) => page.reload({ waitUntil: 'commit' })],
  ['left for another page', (page) => page.goto('about:blank')],
  // Another host name is another site, with another process.
  ['left for another site', (page) => page.goto(page.url().replace('127.0.0.1', 'localhost'))],
  ['left by its own script', (page) => page.evaluate(() => void (location.href = 'about:blank#'))],
  ['without its element', (page) => page.evaluate(() => window.agent.remove())],
];

/** A script of the page: busy for 200 of every 250 ms. */
function keepBusy(page: Page): Promise<void> {
  return page.evaluate(() => {
    setInterval(() => {
      const from = Date.now();
      while (Date.now() - from < 200);
    }, 50);
  });
}

/** @returns milliseconds until the server received `session.end`; undefined if it never did */
async function leaveOnce(browser: Browser, url: string, server: ScriptedServer, leave: Leave, busy: boolean) {
  const page = await browser.newPage();
  const number = server.calls.length + 1;
  await openAgentPage(page, url);
  const refusal = await startCall(page);
  if (refusal !== undefined) throw new Error(`The call did not start: ${refusal}.`);
  const call = await server.call(number);
  await call.inputOfAtLeast(100);
  if (busy) await keepBusy(page);
  const leftAtMs = Date.now();
  const ended = call.message('session.end').then(
    ({ atEpochMs }) => atEpochMs - leftAtMs,
    () => undefined,
  );
  // The driver may never get an answer from a page that is gone, so only the server's view counts.
  void leave(page).catch(() => undefined);
  const tookMs = await Promise.race([ended, delay(END_MS, undefined, { ref: false })]);
  await Promise.race([page.close(), delay(END_MS, undefined, { ref: false })]);
  return tookMs;
}

export interface Leavings {
  /** Milliseconds until the server received `session.end`, in ascending order. */
  readonly times: readonly number[];
  /** How the pages were left whose `session.end` never arrived. */
  readonly missed: readonly string[];
}

/** Makes this many calls and leaves the page during each, in all ways in turn, with an idle and with a busy page. */
export async function leaveManyTimes(browser: Browser, count: number): Promise<Leavings> {
  await using server = await ScriptedServer.listen();
  await using web = await serveAgentPage({ 'server-url': server.url, token: 'a-token' });
  const ways = WAYS.filter(([how]) => how.startsWith(process.env['PAGE_CLOSE_WAY'] ?? ''));
  const missed: string[] = [];
  const times: number[] = [];
  for (let n = 0; n < count; n++) {
    const [how, leave] = ways[n % ways.length]!;
    const busy = Math.floor(n / ways.length) % 2 === 1;
    const tookMs = await leaveOnce(browser, web.url, server, leave, busy);
    if (tookMs === undefined) missed.push(`${how}${busy ? ', busy' : ''}`);
    else times.push(tookMs);
  }
  return { times: times.sort((a, b) => a - b), missed };
}
