/** `keep-across-pages`: which navigations keep a call, and what the next page shows of it. */
import { expect, test, type Browser, type Page } from '@playwright/test';
import type { LitElement } from 'lit';
import { systemClock, type Clock } from '../../agent/clock.js';
import type { ClientMessage } from '../../agent/protocol.js';
import { startAgent, type AgentServer } from '../../agent/server.js';
import { RESUME_WINDOW_MS } from '../../agent/session-registry.js';
import { agentPageHtml, openAgentPage, readEvents, startCall, waitForState } from '../support/agent-page.js';
import { launchChromium } from '../support/launch-chromium.js';
import { servePage, type PageServer } from '../support/page-server.js';
import { firstRows } from '../support/sample.js';

interface Site extends AsyncDisposable {
  readonly page: Page;
  readonly web: PageServer;
  readonly agent: AgentServer;
  /** The client's messages in order, except audio. */
  readonly said: ClientMessage['type'][];
  /** The service keeps the session no longer. A session without a connection expires now, not after 30 s. */
  isOver(): boolean;
}

const LINKS = `
  <a id="next" href="/?next">Next</a>
  <a id="tab" href="/?tab" target="_blank">New tab</a>
  <a id="file" href="/dist/voice-agent.js" download>File</a>
  <a id="place" href="#place">Place</a>
  <nav id="navigation"></nav>
  <a id="plain" href="/dist/voice-agent-loader.js">A page without the tag</a>
  <form id="form" action="/" method="get"><input type="hidden" name="action" value="find"><input type="hidden" name="target" value="_blank"><button name="sent" value="1">Send</button></form>`;

let browser: Browser;
test.beforeAll(async () => {
  browser = await launchChromium({ microphone: 'silent' });
});
test.afterAll(() => browser.close());

/**
 * A site whose pages all have the tag, and a call on the first of them.
 *
 * @param early the call begins before the second file has loaded; called when it has begun
 */
async function callOnSite(
  attributes: Readonly<Record<string, string>> = {},
  fault = '',
  prepare?: (page: Page) => Promise<unknown>,
  early?: () => void,
): Promise<Site> {
  const windows = new Set<() => void>();
  const clock: Clock = {
    ...systemClock,
    after(delayMs, action) {
      const cancel = systemClock.after(delayMs, action);
      if (delayMs !== RESUME_WINDOW_MS) return cancel;
      windows.add(action);
      return () => {
        cancel();
        windows.delete(action);
      };
    },
  };
  const agent = await startAgent({ clock });
  const said: ClientMessage['type'][] = [];
  agent.events.on('client-message', ({ message }) => {
    if (message && message.type !== 'input.audio') said.push(message.type);
  });
  let over = false;
  agent.events.on('session-over', () => (over = true));
  const html = agentPageHtml({
    'token-url': `${agent.url}/voice-token?fault=${encodeURIComponent(fault)}&scope=page`,
    'keep-across-pages': '',
    greeting: 'One, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve.',
    ...attributes,
  });
  const web = await servePage(html.replace('</body>', `${LINKS}</body>`));
  const context = await browser.newContext({ permissions: ['microphone'] });
  const page = await context.newPage();
  await prepare?.(page);
  await openAgentPage(page, web.url);
  const hasLoaded = () => page.waitForFunction(() => customElements.get('voice-agent-extras') !== undefined);
  if (!early) await hasLoaded();
  expect(await startCall(page)).toBeUndefined();
  await waitForState(page, 'speaking');
  early?.();
  // A page that is left before its second file has loaded loses its call.
  await hasLoaded();
  return {
    page,
    web,
    agent,
    said,
    isOver() {
      for (const expire of windows) expire();
      return over;
    },
    async [Symbol.asyncDispose]() {
      await context.close();
      await web[Symbol.asyncDispose]();
      await agent.close();
    },
  };
}

const isUp = (page: Page) =>
  page.waitForFunction(() => ['listening', 'speaking', 'thinking'].includes(window.agent.state));

const transcriptOf = (page: Page) =>
  page.evaluate(() =>
    (window.agent as unknown as { transcript: { text: string }[] }).transcript
      .map(({ text }) => text)
      .join(' '),
  );

/** As in Firefox before 147 and Safari before 26.2. */
const withoutNavigation = (page: Page) =>
  page.addInitScript(() => void Reflect.deleteProperty(window, 'navigation'));

const KEPT: readonly (readonly [
  how: string,
  leave: (page: Page) => Promise<unknown>,
  prepare?: (page: Page) => Promise<unknown>,
])[] = [
  ['a link', (page) => page.click('#next')],
  ['a form, without the Navigation API', (page) => page.click('#form button'), withoutNavigation],
  ['a form', (page) => page.click('#form button')],
  ['a link, without the Navigation API', (page) => page.click('#next'), withoutNavigation],
  ['a script', (page) => page.evaluate(() => void setTimeout(() => (location.href = '/?script')))],
];

for (const [index, [how, leave, prepare]] of KEPT.entries()) {
  test(
    `a call continues on the next page after ${how}: the same session, no second greeting, muted stays muted`,
    firstRows(2, index),
    async () => {
      await using site = await callOnSite({}, '', prepare);
      const { page, said } = site;
      await page.evaluate(() =>
        document.querySelector('voice-agent')!.shadowRoot!.querySelector<HTMLElement>('.mute')!.click(),
      );
      await expect.poll(() => transcriptOf(page)).toContain('four');
      await Promise.all([page.waitForURL(/\?/), leave(page)]);
      await page.waitForFunction(() => Boolean(document.querySelector('voice-agent:defined')));
      await isUp(page);
      expect(said.filter((type) => type.startsWith('session.'))).toEqual([
        'session.update',
        'session.resume',
      ]);
      expect(await page.evaluate(() => (window.agent as unknown as { muted: boolean }).muted)).toBe(true);
      expect(await page.evaluate(() => sessionStorage.getItem('voice-agent-call'))).toBeNull();
      await expect.poll(() => transcriptOf(page)).toContain('twelve');
      expect((await transcriptOf(page)).match(/\bOne\b/gi), 'said once').toHaveLength(1);
      // Drawn at once, so that it does not matter how often this machine draws.
      const aheadSeconds = await page.evaluate(async () => {
        const agent = window.agent as unknown as LitElement;
        agent.requestUpdate();
        await agent.updateComplete;
        const [minutes, seconds] = agent
          .shadowRoot!.querySelector('.timer')!
          .textContent.split(':')
          .map(Number);
        return minutes! * 60 + seconds! - performance.now() / 1_000;
      });
      expect(aheadSeconds, 'the clock counts on').toBeGreaterThan(0);
      await page.evaluate(() => window.agent.stop());
      await expect.poll(() => said.at(-1)).toBe('session.end');
    },
  );
}

test('a call that began before the second file had loaded continues on the next page', async () => {
  let load = (): void => undefined;
  const begun = new Promise<void>((resolve) => (load = resolve));
  const loadLate = (page: Page) =>
    page.route('**/voice-agent-parts.js', async (route) => {
      await begun;
      await route.continue();
    });
  await using site = await callOnSite({}, '', loadLate, load);
  await Promise.all([site.page.waitForURL(/next/), site.page.click('#next')]);
  await expect.poll(() => site.said.slice(0, 2)).toEqual(['session.update', 'session.resume']);
});

test('a call goes on to a third page if the second is left while it connects', async () => {
  const leaveAtOnce = (page: Page) =>
    page.addInitScript(() => {
      if (location.search !== '?next') return;
      addEventListener('state-change', () => location.assign('/?third'), { once: true });
    });
  await using site = await callOnSite({}, '', leaveAtOnce);
  const { page, said } = site;
  await expect.poll(() => transcriptOf(page)).toContain('four');
  await Promise.all([page.waitForURL(/\?third/), page.click('#next')]);
  await page.waitForFunction(() => Boolean(document.querySelector('voice-agent:defined')));
  await isUp(page);
  expect(said.filter((type) => type === 'session.update' || type === 'session.end')).toEqual([
    'session.update',
  ]);
  expect(said).toContain('session.resume');
  await expect.poll(() => transcriptOf(page)).toContain('twelve');
  expect((await transcriptOf(page)).match(/\bOne\b/gi), 'said once').toHaveLength(1);
});

test('a session that the service does not resume is followed by one that knows the dialogue', async () => {
  await using site = await callOnSite({}, 'refuse-resume=session_not_found');
  const { page, said } = site;
  await Promise.all([page.waitForURL(/\?next/), page.click('#next')]);
  await page.waitForFunction(() => Boolean(document.querySelector('voice-agent:defined')));
  await isUp(page);
  expect(said.filter((type) => type === 'session.update')).toHaveLength(2);
  expect((await readEvents(page, 'session-ready')).map(({ detail }) => detail.how)).toEqual(['fresh']);
});

test('a call that the service has ended is not continued, although its last words are still heard', async () => {
  await using site = await callOnSite({}, 'end=1');
  const { page, said } = site;
  await page.waitForFunction(() => window.microphoneTracks.every(({ readyState }) => readyState === 'ended'));
  await Promise.all([page.waitForURL(/\?next/), page.click('#next')]);
  await page.waitForFunction(() => customElements.get('voice-agent-extras') !== undefined);
  expect(await page.evaluate(() => window.agent.state)).toBe('idle');
  expect(said).toEqual(['session.update']);
});

const STAYS: readonly (readonly [string, (page: Page) => Promise<unknown>])[] = [
  ['a download', (page) => Promise.all([page.waitForEvent('download'), page.click('#file')])],
  [
    'a navigation that is cancelled',
    async (page) => {
      await page.evaluate(() => addEventListener('click', (event) => event.preventDefault(), { once: true }));
      await page.click('#next');
    },
  ],
  ['a new tab', (page) => Promise.all([page.context().waitForEvent('page'), page.click('#tab')])],
  ['a place in the page', (page) => page.click('#place')],
];

for (const [index, [how, act]] of STAYS.entries()) {
  test(`a call is not disturbed by ${how}`, firstRows(2, index), async () => {
    await using site = await callOnSite();
    await act(site.page);
    await expect.poll(() => transcriptOf(site.page)).toContain('twelve');
    expect(site.said).toEqual(['session.update']);
    expect(await site.page.evaluate(() => sessionStorage.getItem('voice-agent-call'))).toBeNull();
  });
}

test('a call ends as soon as its page begins to be left', async () => {
  await using site = await callOnSite();
  await site.page.evaluate(() => window.dispatchEvent(new PageTransitionEvent('pagehide')));
  await expect.poll(() => site.said).toEqual(['session.update', 'session.end']);
});

const ENDS: readonly (readonly [string, (site: Site) => Promise<unknown>])[] = [
  ['reloaded', ({ page }) => page.reload()],
  ['closed', ({ page }) => page.close()],
  ['left for another origin', ({ page }) => page.goto(page.url().replace('127.0.0.1', 'localhost'))],
  [
    'left for another origin by its script',
    ({ page }) =>
      page.evaluate(
        () => void setTimeout(() => (location.href = location.href.replace('127.0.0.1', 'localhost'))),
      ),
  ],
];

for (const [how, leave] of ENDS) {
  test(`a call is not kept when its page is ${how}: its session ends, or expires`, async () => {
    await using site = await callOnSite();
    await leave(site);
    // The Worker dies with its page, so on a busy machine it may have no time for `session.end`. `npm run measure` counts
    // how often it has.
    await expect.poll(site.isOver).toBe(true);
    const { page, web, said } = site;
    const next = page.isClosed() ? await page.context().newPage() : page;
    await openAgentPage(next, web.url);
    await next.waitForFunction(() => customElements.get('voice-agent-extras') !== undefined);
    expect(await next.evaluate(() => window.agent.state)).toBe('idle');
    expect(await next.evaluate(() => sessionStorage.getItem('voice-agent-call'))).toBeNull();
    expect([['session.update'], ['session.update', 'session.end']]).toContainEqual(said);
  });
}

test('a call ends with a tab that crashes: nothing was stored, and the session expires', async () => {
  await using site = await callOnSite();
  const { page, said, web, agent } = site;
  const gone = new Promise<number>((resolve) =>
    agent.events.once('disconnection', ({ code }) => resolve(code)),
  );
  const crashed = page.waitForEvent('crash');
  const inspector = await page.context().newCDPSession(page);
  inspector.send('Page.crash').catch(() => undefined);
  await crashed;
  // Chromium closes the socket itself, or loses it.
  expect([1001, 1006]).toContain(await gone);
  const next = await page.context().newPage();
  await openAgentPage(next, web.url);
  await next.waitForFunction(() => customElements.get('voice-agent-extras') !== undefined);
  expect(await next.evaluate(() => window.agent.state)).toBe('idle');
  expect(said).toEqual(['session.update']);
});

test('a stored call is claimed only by a tag with the same agent, once, and within its time limit', async () => {
  await using site = await callOnSite();
  const { page, said, web } = site;
  // On a page without the tag, the session waits as long as the service keeps it.
  await Promise.all([page.waitForURL(/loader/), page.click('#plain')]);
  const stored = await page.evaluate(() => sessionStorage.getItem('voice-agent-call'));
  expect(stored).not.toBeNull();
  expect(said).toEqual(['session.update']);
  const revisit = async (): Promise<string | null> => {
    await page.goto(`${web.url}?${Math.random()}`);
    await page.waitForFunction(() => Boolean(document.querySelector('voice-agent:defined')));
    await page.waitForFunction(() => customElements.get('voice-agent-extras') !== undefined);
    return page.evaluate(() => sessionStorage.getItem('voice-agent-call'));
  };
  const other = stored!.replace('"agent":"[', '"agent":"[1,');
  const old = stored!.replace(/"leftAtMs":\d+/, `"leftAtMs":${Date.now() - 60_000}`);
  for (const [entry, left] of [
    [other, other],
    [old, null],
  ] as const) {
    await page.evaluate((text) => sessionStorage.setItem('voice-agent-call', text), entry);
    expect(await revisit()).toBe(left);
    expect(await page.evaluate(() => window.agent.state)).toBe('idle');
  }
  expect(said).toEqual(['session.update']);
});

test('a page restored from the back/forward cache takes over the call of the page after it', async () => {
  await using site = await callOnSite();
  const { page, said } = site;
  await Promise.all([page.waitForURL(/\?next/), page.click('#next')]);
  await page.waitForFunction(() => Boolean(document.querySelector('voice-agent:defined')));
  await isUp(page);
  await page.goBack();
  await page.waitForFunction(() => Boolean(document.querySelector('voice-agent:defined')));
  await isUp(page);
  expect(said.filter((type) => type.startsWith('session.'))).toEqual([
    'session.update',
    'session.resume',
    'session.resume',
  ]);
});
