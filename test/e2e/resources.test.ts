/** What tags and their calls leave on a page, and what a tag costs while nobody uses it. */
import { expect, test, type CDPSession } from '@playwright/test';
import { launchChromium } from '../support/launch-chromium.js';
import { servePage } from '../support/page-server.js';
import { firstRows } from '../support/sample.js';
import { ScriptedServer } from '../support/scripted-server.js';

const HTML = `<!doctype html><html lang="en"><title>Views</title>
  <script type="module" src="/dist/voice-agent.js"></script><div id="view"></div>`;

const EVERYTHING =
  'keep-across-pages text-input devices remember-devices record save-transcript debug sounds';

/** Classes of objects that belong to one tag or call. Chromium keeps every `PermissionStatus` until the page is left. */
const KINDS = [
  ...['voice-agent', 'voice-agent-extras', 'voice-agent-sounds'].map((tag) => `customElements.get('${tag}')`),
  'AudioContext',
  'AudioWorkletNode',
  'MediaStreamTrack',
  'Worker',
  'MessagePort',
  'BroadcastChannel',
  'AbortController',
  'MutationObserver',
  'ResizeObserver',
  'ShadowRoot',
];

/** Those that a garbage collection keeps. */
async function keptObjects(devTools: CDPSession): Promise<Record<string, number>> {
  const kept: Record<string, number> = {};
  await devTools.send('HeapProfiler.collectGarbage');
  const group = { objectGroup: 'counted' };
  for (const kind of KINDS) {
    const { result } = await devTools.send('Runtime.evaluate', { expression: `${kind}.prototype`, ...group });
    const prototypeObjectId = result.objectId!;
    const { objects } = await devTools.send('Runtime.queryObjects', { prototypeObjectId, ...group });
    const { result: count } = await devTools.send('Runtime.callFunctionOn', {
      objectId: objects.objectId!,
      returnByValue: true,
      functionDeclaration: 'function () { return this.length; }',
    });
    if (count.value > 0) kept[kind] = Number(count.value);
    await devTools.send('Runtime.releaseObjectGroup', group);
  }
  return kept;
}

/** Shows a tag, starts its call, and goes to the next view. Settles at the end of the call. */
async function view(leave: 'hangs up' | 'goes on' | 'is refused', attributes: string): Promise<void> {
  const place = document.querySelector('#view')!;
  place.innerHTML = `<voice-agent ${attributes}></voice-agent>`;
  const agent = place.firstElementChild as Window['agent'];
  const ended = new Promise((resolve) => agent.addEventListener('session-end', resolve, { once: true }));
  if (leave === 'is refused') agent.setAttribute('token-url', '/no-such-endpoint');
  await agent.start().catch(() => undefined);
  if (leave === 'hangs up') await agent.stop();
  place.replaceChildren();
  await ended;
}

for (const [index, leave] of (['goes on', 'hangs up', 'is refused'] as const).entries())
  test(`nothing is left of views with a call when the visitor ${leave}`, firstRows(1, index), async () => {
    await using server = await ScriptedServer.listen();
    await using web = await servePage(HTML);
    const browser = await launchChromium({ animated: true, microphone: 'silent' });
    try {
      const page = await browser.newPage();
      await page.goto(web.url);
      await page.waitForFunction(() => customElements.get('voice-agent') !== undefined);
      const devTools = await page.context().newCDPSession(page);
      const attributes = `server-url="${server.url}" token="a-token" ${EVERYTHING}`;
      for (let round = 0; round < 4; round++)
        await page.evaluate(`(${view.toString()})(${JSON.stringify(leave)}, ${JSON.stringify(attributes)})`);
      await expect.poll(() => keptObjects(devTools)).toEqual({});
    } finally {
      await browser.close();
    }
  });

/** Runs in the page before its scripts: notes what has been requested and has not happened yet. */
function notePending(): void {
  const pending = new Set<string>();
  Object.assign(window, { pending });
  const page = window as unknown as Record<string, (...args: unknown[]) => number>;
  const watch = (request: string, cancel: string, repeats = false): void => {
    const [ask, drop] = [page[request]!.bind(window), page[cancel]!.bind(window)];
    page[request] = (act, ...rest) => {
      const id = ask(
        (...args: unknown[]) => {
          if (!repeats) pending.delete(`${request} ${id}`);
          (act as (...args: unknown[]) => unknown)(...args);
        },
        ...rest,
      );
      pending.add(`${request} ${id}`);
      return id;
    };
    page[cancel] = (id) => {
      // Either function cancels timers of both kinds.
      for (const kind of [request, 'setTimeout', 'setInterval']) pending.delete(`${kind} ${String(id)}`);
      return drop(id);
    };
  };
  watch('setTimeout', 'clearTimeout');
  watch('setInterval', 'clearInterval', true);
  watch('requestAnimationFrame', 'cancelAnimationFrame');
  watch('requestIdleCallback', 'cancelIdleCallback');
}

test('a tag without a call waits for nothing and moves nothing, before its first call and after it', async () => {
  await using server = await ScriptedServer.listen();
  await using web = await servePage(HTML);
  const browser = await launchChromium({ animated: true, microphone: 'silent' });
  try {
    const page = await browser.newPage();
    await page.addInitScript(notePending);
    await page.goto(web.url);
    await page.evaluate(async (attributes) => {
      document.querySelector('#view')!.innerHTML = `<voice-agent ${attributes}></voice-agent>`;
      await customElements.whenDefined('voice-agent-extras');
    }, `server-url="${server.url}" token="a-token" ${EVERYTHING}`);
    const busy = () =>
      page.evaluate(() => [
        ...(window as unknown as { pending: Set<string> }).pending,
        ...document.querySelector('voice-agent')!.shadowRoot!.getAnimations(),
      ]);
    await expect.poll(busy).toEqual([]);
    await page.evaluate(() => document.querySelector<Window['agent']>('voice-agent')!.start());
    expect(await busy()).not.toEqual([]);
    await (await server.call()).inputOfAtLeast(200);
    await page.evaluate(() => document.querySelector<Window['agent']>('voice-agent')!.stop());
    await expect.poll(busy).toEqual([]);
  } finally {
    await browser.close();
  }
});
