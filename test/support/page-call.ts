import type { Browser, Page } from 'playwright';

/** What a test reads from a page with a `<voice-agent>`, whatever made that page. */
interface TestedElement extends HTMLElement {
  readonly state: string;
  readonly error?: { readonly code: string; readonly message: string };
}

export interface OpenedPage {
  readonly page: Page;
  /** Console errors, page errors and violations of its policy. */
  readonly complaints: string[];
}

export async function openPage(browser: Browser, url: string): Promise<OpenedPage> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(url);
  return { page, complaints };
}

export type Frame = Pick<Page, 'waitForFunction' | 'evaluate' | 'locator'>;

/**
 * Presses the button that everybody presses, listens until the agent is heard, and hangs up.
 *
 * @param page the page, or the frame that holds the element
 * @returns what the element says of its worklet and its session, from its `stats`
 * @throws Error with the element's own error when the call fails
 */
export async function holdCall(page: Frame): Promise<{ worklet: string; sessionHost: string }> {
  await page.waitForFunction(() => document.querySelector('voice-agent')?.matches(':defined') === true);
  const stats = page.evaluate(
    () =>
      new Promise<{ worklet: string; sessionHost: string }>((resolve) => {
        document.querySelector('voice-agent')!.addEventListener(
          'stats',
          (event) => {
            const { worklet, sessionHost } = (event as CustomEvent<{ worklet: string; sessionHost: string }>)
              .detail;
            resolve({ worklet, sessionHost });
          },
          { once: true },
        );
      }),
  );
  stats.catch(() => undefined);
  await page.locator('voice-agent .call').first().click();
  await page.waitForFunction(() =>
    ['speaking', 'error'].includes(document.querySelector<TestedElement>('voice-agent')!.state),
  );
  const failure = await page.evaluate(() => {
    const { error } = document.querySelector<TestedElement>('voice-agent')!;
    return error && `${error.code}: ${error.message}`;
  });
  if (failure !== undefined) throw new Error(failure);
  const heard = await stats;
  await page.locator('voice-agent .call').first().click();
  await page.waitForFunction(() => document.querySelector<TestedElement>('voice-agent')!.state === 'ended');
  return heard;
}
