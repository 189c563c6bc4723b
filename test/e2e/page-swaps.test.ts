/** Pages that swap content without a navigation: the tag leaves the document for a moment, and its call continues. */
import { createRequire } from 'node:module';
import { expect, test, type Page } from '@playwright/test';
import { agentPageHtml, openAgentPage, readEvents, startCall, waitForEvents } from '../support/agent-page.js';
import { launchChromium } from '../support/launch-chromium.js';
import { untilBeep, untilSilence } from '../support/microphone-packets.js';
import { servePage } from '../support/page-server.js';
import { firstRows } from '../support/sample.js';
import { ScriptedServer } from '../support/scripted-server.js';

const { resolve } = createRequire(import.meta.url);

interface Swap {
  readonly how: string;
  /** Attributes that make the framework keep the tag. */
  readonly keep?: Readonly<Record<string, string>>;
  readonly scripts?: readonly string[];
  /** Runs in the page. Settles when the content is replaced. */
  readonly swap: () => Promise<unknown>;
}

const SWAPS: readonly Swap[] = [
  {
    how: 'moved to another parent',
    swap: () => {
      const main = document.createElement('main');
      document.body.append(main);
      main.append(window.agent);
      return Promise.resolve();
    },
  },
  {
    how: 'moved by moveBefore()',
    swap: () => {
      const main = document.createElement('main');
      document.body.append(main);
      (main as unknown as { moveBefore(node: Node, before: null): void }).moveBefore(window.agent, null);
      return Promise.resolve();
    },
  },
  {
    how: 'out for some frames',
    swap: async () => {
      window.agent.remove();
      for (let frame = 0; frame < 3; frame++) await new Promise((next) => requestAnimationFrame(next));
      document.body.append(window.agent);
    },
  },
  {
    how: 'permanent in Turbo',
    keep: { 'data-turbo-permanent': '' },
    scripts: ['@hotwired/turbo/dist/turbo.es2017-umd.js'],
    swap: () => {
      const swapped = new Promise((next) => document.addEventListener('turbo:load', next, { once: true }));
      (window as unknown as { Turbo: { visit(path: string): void } }).Turbo.visit('/?two');
      return swapped;
    },
  },
  {
    how: 'in a view transition',
    swap: async () => {
      const transition = document.startViewTransition(() => {
        const { agent } = window;
        document.body.replaceChildren();
        document.body.append(document.createElement('h1'), agent);
      });
      await transition.finished;
    },
  },
  {
    how: 'preserved by htmx',
    keep: { 'hx-preserve': 'true' },
    scripts: ['htmx.org/dist/htmx.min.js'],
    swap: () =>
      (window as unknown as { htmx: { ajax(...parameters: unknown[]): Promise<void> } }).htmx.ajax(
        'GET',
        '/?two',
        {
          target: 'body',
          swap: 'innerHTML',
        },
      ),
  },
  {
    how: 'kept by Unpoly',
    keep: { 'up-keep': '' },
    scripts: ['unpoly/unpoly.js'],
    swap: () =>
      (window as unknown as { up: { render(options: object): Promise<unknown> } }).up.render({
        url: '/?two',
        target: 'body',
      }),
  },
  {
    // Livewire's own way: its server sends HTML, and Alpine's morph brings the page to it.
    how: 'ignored by Livewire',
    keep: { 'wire:ignore': '' },
    scripts: ['@alpinejs/morph/dist/cdn.min.js', 'alpinejs/dist/cdn.min.js'],
    swap: async () => {
      const html = await (await fetch('/?two')).text();
      const { body } = new DOMParser().parseFromString(html, 'text/html');
      body.prepend(document.createElement('h1'));
      const { Alpine } = window as unknown as {
        Alpine: { morph(from: Element, to: Element, options: object): void };
      };
      const skipIgnored = (from: Node, _to: Node, _children: () => void, skip: () => void): void => {
        if (from instanceof Element && from.hasAttribute('wire:ignore')) skip();
      };
      Alpine.morph(document.body, body, {
        updating: skipIgnored,
        key: (element: Element) => element.id,
      });
      if (!document.querySelector('h1')) throw new Error('The page is the same.');
    },
  },
];

for (const [index, { how, keep = {}, scripts = [], swap }] of SWAPS.entries()) {
  test(`a call continues while its tag is ${how}`, firstRows(4, index), async () => {
    await using server = await ScriptedServer.listen();
    await using web = await servePage(
      agentPageHtml({ id: 'agent', 'server-url': server.url, token: 'a-token', ...keep }),
    );
    const browser = await launchChromium();
    const page = await browser.newPage();
    await openAgentPage(page, web.url);
    for (const script of scripts) await page.addScriptTag({ path: resolve(script) });
    expect(await startCall(page)).toBeUndefined();
    const call = await server.call();
    await untilBeep(call);
    await page.evaluate(() => Object.assign(window, { before: window.agent }));
    await page.evaluate(`(${swap.toString()})().then(() => undefined)`);
    await untilBeep(call);
    expect(await isSame(page), 'the same node, in the page').toBe(true);
    expect(await readEvents(page, 'session-end')).toEqual([]);
    expect(server.calls).toHaveLength(1);
    await browser.close();
  });
}

function isSame(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const tags = document.querySelectorAll('voice-agent');
    return tags.length === 1 && tags[0] === (window as unknown as { before: Element }).before;
  });
}

test('a removed tag is muted at once, and its call ends if the tag does not return', async () => {
  await using server = await ScriptedServer.listen();
  await using web = await servePage(agentPageHtml({ 'server-url': server.url, token: 'a-token' }));
  const browser = await launchChromium();
  const page = await browser.newPage();
  await openAgentPage(page, web.url);
  expect(await startCall(page)).toBeUndefined();
  const call = await server.call();
  await untilBeep(call);
  // Each absence is too short to end the call, and nothing is heard during it.
  await page.evaluate(() => {
    const { agent } = window;
    agent.remove();
    setInterval(() => {
      if (document.title === 'gone') return;
      document.body.append(agent);
      agent.remove();
    }, 50);
  });
  await untilSilence(call);
  expect(call.received.map(({ message }) => message.type)).not.toContain('session.end');
  await page.evaluate(() => (document.title = 'gone'));
  await call.message('session.end');
  const tracks = await page.evaluate(() => window.microphoneTracks.map(({ readyState }) => readyState));
  expect(tracks).toEqual(['ended']);
  await browser.close();
});

test('a call that begins in another tab or frame of the origin ends this one as replaced', async () => {
  await using server = await ScriptedServer.listen();
  const html = agentPageHtml({ 'server-url': server.url, token: 'a-token' });
  await using web = await servePage(html);
  const browser = await launchChromium();
  const context = await browser.newContext();
  const [older, newer] = [await context.newPage(), await context.newPage()];
  await openAgentPage(older, web.url);
  await openAgentPage(newer, web.url);
  expect(await startCall(older)).toBeUndefined();
  expect(await startCall(newer)).toBeUndefined();
  const [first, second] = [await server.call(1), await server.call(2)];
  await first.message('session.end');
  expect((await waitForEvents(older, 'session-end')).map(({ detail }) => detail.reason)).toEqual([
    'replaced',
  ]);
  await second.inputOfAtLeast(100);

  // A frame in the tab without a call.
  await older.evaluate(() => {
    const frame = document.createElement('iframe');
    frame.allow = 'microphone';
    frame.src = '/?frame';
    document.body.append(frame);
  });
  await older.waitForFunction(() => window.frames[0]?.customElements.get('voice-agent') !== undefined);
  expect(await startCall(older.frames()[1]!)).toBeUndefined();
  await second.message('session.end');
  expect((await waitForEvents(newer, 'session-end')).map(({ detail }) => detail.reason)).toEqual([
    'replaced',
  ]);
  await (await server.call(3)).inputOfAtLeast(100);
  expect(server.calls).toHaveLength(3);
  await browser.close();
});
