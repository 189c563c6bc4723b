import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, Page } from 'playwright';
import { launchChromium } from './launch-chromium.js';

/** A call on any page with a `<voice-agent>`. */
interface TestedElement extends HTMLElement {
  readonly state: string;
  readonly error?: { readonly code: string; readonly message: string };
}

export interface OpenedPage {
  readonly page: Page;
  /** Console errors, page errors, violations of its policy, and warnings about hydration. */
  readonly consoleErrors: string[];
  /** Addresses of all requests, including the page itself. */
  readonly asked: string[];
}

/** The beeps of the usual fake microphone would count as speech over the greeting, so this one is silent. */
export function launchQuietChromium(): Promise<Browser> {
  return launchChromium({ microphone: 'silent' });
}

export async function openPage(browser: Browser, url: string): Promise<OpenedPage> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const consoleErrors: string[] = [];
  page.on('console', (message) => {
    const { url: about } = message.location();
    // Browsers request it where a page names no icon.
    const isProblem =
      message.type() === 'error' || (message.type() === 'warning' && /hydrat/i.test(message.text()));
    if (isProblem && !about.endsWith('/favicon.ico')) consoleErrors.push(`${message.text()} ${about}`);
  });
  page.on('pageerror', (error) => consoleErrors.push(error.message));
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(url);
  return { page, consoleErrors, asked };
}

export type Frame = Pick<Page, 'waitForFunction' | 'evaluate' | 'locator'>;

/** The element ignores a press within 350 ms of another one on the same button, and within 500 ms of a call's end. */
export function untilPressCounts(): Promise<void> {
  return delay(600);
}

/** Presses "Try again". */
export async function pressRetry(page: Page): Promise<void> {
  await untilPressCounts();
  await page.locator('voice-agent .retry').click();
}

/**
 * Presses the call button, waits until the agent is heard, and hangs up.
 *
 * @param page the page, or the frame that holds the element
 * @param listen resolves when enough was heard; default: at once
 * @returns how the worklet was loaded and where the session runs, from `stats`
 * @throws Error with the element's own error, if the call fails
 */
export async function holdCall(
  page: Frame,
  listen: () => Promise<unknown> = () => Promise.resolve(),
): Promise<{ worklet: string; sessionHost: string }> {
  await page.waitForFunction(() => document.querySelector('voice-agent')?.matches(':defined') === true);
  await page.evaluate(() => {
    const element = document.querySelector<TestedElement>('voice-agent')!;
    const seen: CallLog = { states: [], stats: undefined };
    Object.assign(window, { callLog: seen });
    element.addEventListener('state-change', () => seen.states.push(element.state));
    element.addEventListener(
      'stats',
      (event) => (seen.stats = (event as CustomEvent<CallLog['stats']>).detail),
    );
  });
  if (
    await page.evaluate(() => document.querySelector('voice-agent')!.matches('[state=ended], [state=error]'))
  )
    await untilPressCounts();
  await page.locator('voice-agent .call').first().click();
  await waitUntil(page, 'speaking');
  const failure = await page.evaluate(() => {
    const { error } = document.querySelector<TestedElement>('voice-agent')!;
    return error && `${error.code}: ${error.message}`;
  });
  if (failure !== undefined) throw new Error(failure);
  await listen();
  await page.locator('voice-agent .call').first().click();
  await waitUntil(page, 'ended');
  const { worklet, sessionHost } = await page.evaluate(
    () => (window as unknown as { callLog: CallLog }).callLog.stats!,
  );
  return { worklet, sessionHost };
}

interface CallLog {
  readonly states: string[];
  stats: { readonly worklet: string; readonly sessionHost: string } | undefined;
}

/** @throws Error with the state of the call */
async function waitUntil(page: Frame, wanted: string): Promise<void> {
  try {
    await page.waitForFunction((state) => {
      const { states, stats } = (window as unknown as { callLog: CallLog }).callLog;
      return states.includes('error') || (states.includes(state) && stats !== undefined);
    }, wanted);
  } catch (error) {
    const log = await page.evaluate(() =>
      JSON.stringify((window as unknown as { callLog: CallLog }).callLog),
    );
    throw new Error(`The call came no further than ${log}`, { cause: error });
  }
}
