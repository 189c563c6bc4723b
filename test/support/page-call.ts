import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, Page } from 'playwright';
import { launchChromium } from './launch-chromium.js';

/** What a test reads from a page with a `<voice-agent>`, whatever made that page. */
interface TestedElement extends HTMLElement {
  readonly state: string;
  readonly error?: { readonly code: string; readonly message: string };
}

export interface OpenedPage {
  readonly page: Page;
  /** Console errors, page errors, violations of its policy, and warnings about hydration. */
  readonly consoleErrors: string[];
  /** Address of everything it asked for, the page itself included. */
  readonly asked: string[];
}

/** A browser whose microphone hears nothing: the usual beeps can pass for a visitor who talks over the greeting. */
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

/** A press within half a second of the end of a call was meant for that call, and starts no other. */
function untilPressCounts(): Promise<void> {
  return delay(600);
}

/** Presses "Try again". */
export async function pressRetry(page: Page): Promise<void> {
  await untilPressCounts();
  await page.locator('voice-agent .retry').click();
}

/**
 * Presses the button that everybody presses, listens until the agent is heard, and hangs up.
 *
 * @param page the page, or the frame that holds the element
 * @param listen settles when enough was heard; at once, without it
 * @returns what the element says of its worklet and its session, from its `stats`
 * @throws Error with the element's own error when the call fails
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

/** @throws Error that tells how far the call came. */
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
