/** The loader and the tag in pages of site builders and tag managers, modelled on their public documentation. */
import { expect, test, type Browser, type Page } from '@playwright/test';
import { launchChromium } from '../support/launch-chromium.js';
import { LINE, LOADER, openPlace, pageOf, type Place } from '../support/place.js';
import { firstRows } from '../support/sample.js';

let browser: Browser;
test.beforeAll(async () => {
  browser = await launchChromium();
});
test.afterAll(() => browser.close());

interface Agent extends HTMLElement {
  readonly state: string;
}
const state = (page: Page) => page.evaluate(() => document.querySelector<Agent>('voice-agent')?.state);

async function talk({ page, server }: Place, number = 1, label = '.call'): Promise<void> {
  if (label === '.call' && (await page.locator('voice-agent .launcher[aria-expanded=false]').count()) > 0)
    await page.locator('voice-agent .launcher').click();
  // A press within half a second after a call's end is ignored.
  await expect(async () => {
    await page.locator(`voice-agent ${label}`).first().click();
    expect(await state(page)).not.toMatch(/idle|ended/);
  }).toPass();
  await (await server.call(number)).inputOfAtLeast(50);
}

const ready = (page: Page) => page.locator('voice-agent:defined').first().waitFor({ state: 'attached' });

test('a tag manager that injects the loader late, twice, and without data-*', async () => {
  await using place = await openPlace(browser, {
    pages: { '/': pageOf('<main>Shop</main>'), '/query': '{{query}}' },
  });
  const { page } = place;
  const query = await page.evaluate(async () => (await fetch('/query')).text());
  const inject = () =>
    page.evaluate((src) => {
      // Tag managers run custom HTML as a new script with the same address, without other attributes.
      const script = document.createElement('script');
      Object.assign(script, { src, async: true });
      document.body.append(script);
      return new Promise((resolve) => (script.onload = resolve));
    }, `${LOADER}?${query}&layout=floating`);
  await inject();
  await inject();
  await ready(page);
  await inject();
  expect(await page.locator('voice-agent').count()).toBe(1);
  await talk(place);
  expect(place.asked.filter((path) => path === '/dist/voice-agent.js')).toHaveLength(1);
  expect(place.consoleErrors).toEqual([]);
});

/** How site builders protect the platform from the code of their customers. */
const FREEZE = `<script>
  for (const { prototype } of [Object, Function, Array, Promise, Error, EventTarget, Node, Element, HTMLElement, Document, Map, Set])
    Object.freeze(prototype);
  for (const name of ['addEventListener', 'fetch', 'setTimeout', 'customElements'])
    Object.defineProperty(window, name, { value: typeof window[name] === 'function' ? window[name].bind(window) : window[name], writable: false, configurable: false });
  Object.freeze(Object); Object.freeze(Reflect); Object.freeze(JSON); Object.freeze(Math);
</script>`;

test('a builder that freezes prototypes and event listeners', async () => {
  await using place = await openPlace(browser, { pages: { '/': pageOf(LINE, FREEZE) } });
  await ready(place.page);
  await talk(place);
  expect(place.consoleErrors).toEqual([]);
});

/** What MooTools 1.4, Prototype.js 1.6 and an old polyfill of promises do to a page. */
const REPLACE = `<script>
  window.Event = function () { throw new Error('This is no event.'); };
  Array.from = (list) => (typeof list === 'object' && 'length' in list ? list : [list]);
  Array.prototype.entries = function () { return this.slice(); };
  Array.prototype.toJSON = function () { return String(this); };
  delete Promise.prototype.finally;
</script>`;

test('a page whose scripts replace what browsers have', async () => {
  const panel = LINE.replace('async', 'data-layout="panel" async');
  await using place = await openPlace(browser, { pages: { '/': pageOf(panel, REPLACE) } });
  const { page, server } = place;
  await ready(page);
  await page.evaluate(() => {
    const list = { type: 'array', items: { type: 'object' } };
    const parameters = { type: 'object', properties: { list } };
    const tool = { name: 'count', description: 'Counts.', parameters, handler: () => ({ count: 1 }) };
    Object.assign(document.querySelector('voice-agent')!, { tools: [tool] });
  });
  await talk(place);
  const call = await server.call();
  const { message } = await call.message('session.update');
  expect(message).toMatchObject({ session: { tools: [{ name: 'count' }] } });
  call.send({ type: 'tool.call', call_id: 'c', name: 'count', arguments: { list: [{ a: 1 }] } });
  const answer = await call.message('tool.result');
  expect(answer.message).toMatchObject({ result: '{"count":1}' });
  expect(place.consoleErrors).toEqual([]);
});

test('a builder that puts code into a frame of another origin', async () => {
  await using place = await openPlace(browser, {
    pages: {
      '/': pageOf('<iframe allow="microphone" src="{{other}}/frame" width="500" height="700"></iframe>'),
      '/frame': pageOf(LINE.replace('async', 'data-layout="panel" async'), FREEZE),
    },
  });
  const frame = place.page.frameLocator('iframe');
  await frame.locator('voice-agent:defined').waitFor();
  await frame.locator('voice-agent .call').first().click();
  await (await place.server.call()).inputOfAtLeast(50);
  // The frame does not allow the wake lock. The call works without it.
  expect(place.consoleErrors.filter((text) => !text.includes('screen-wake-lock'))).toEqual([]);
});

test('a theme editor that renders a section again, during a call and after it', async () => {
  const section = `<div id="shopify-section-voice" class="shopify-section"><h2>Ask us</h2>${LINE.replace('async', 'data-layout="panel" async')}</div>`;
  await using place = await openPlace(browser, {
    pages: { '/': pageOf(`<main>${section}</main>`), '/section': section },
  });
  const { page } = place;
  await ready(page);
  await talk(place);
  const first = await place.server.call();
  const ended = first.message('session.end');
  // The editor fetches the section, replaces its HTML, whose scripts do not run, and dispatches an event.
  const render = () =>
    page.evaluate(async () => {
      const old = document.querySelector('#shopify-section-voice')!;
      const detail = { sectionId: 'voice' };
      old.dispatchEvent(new CustomEvent('shopify:section:unload', { bubbles: true, detail }));
      old.outerHTML = await (await fetch('/section')).text();
      document
        .querySelector('#shopify-section-voice')!
        .dispatchEvent(new CustomEvent('shopify:section:load', { bubbles: true, detail }));
    });
  await render();
  await ended;
  await ready(page);
  expect(await page.locator('voice-agent').count()).toBe(1);
  expect(await page.locator('#shopify-section-voice voice-agent').count()).toBe(1);
  await talk(place, 2);
  await render();
  await render();
  expect(await page.locator('voice-agent').count()).toBe(1);
});

/** Ways to swap pages by fetch. Each receives the next page's HTML. */
const SWAPS: Readonly<Record<string, (text: string) => void>> = {
  'the body, whose scripts run again (Turbo)': (text) => {
    const next = new DOMParser().parseFromString(text, 'text/html');
    const body = document.adoptNode(next.body);
    for (const inert of body.querySelectorAll('script')) {
      const script = document.createElement('script');
      for (const { name, value } of inert.attributes) script.setAttribute(name, value);
      script.textContent = inert.textContent;
      inert.replaceWith(script);
    }
    document.body.replaceWith(body);
    document.dispatchEvent(new Event('turbo:load'));
  },
  'what stands in the body (htmx)': (text) => {
    document.body.innerHTML = new DOMParser().parseFromString(text, 'text/html').body.innerHTML;
    document.body.dispatchEvent(new Event('htmx:afterSwap', { bubbles: true }));
  },
  'the content (Squarespace 7.0)': (text) => {
    const next = new DOMParser().parseFromString(text, 'text/html');
    document.querySelector('main')!.innerHTML = next.querySelector('main')!.innerHTML;
    window.dispatchEvent(new Event('mercury:load'));
  },
  'attributes, head and body, each (Astro)': (text) => {
    const next = new DOMParser().parseFromString(text, 'text/html');
    for (const { name } of [...document.documentElement.attributes])
      document.documentElement.removeAttribute(name);
    for (const { name, value } of next.documentElement.attributes)
      document.documentElement.setAttribute(name, value);
    document.head.replaceChildren(...next.head.children);
    document.body.replaceWith(document.adoptNode(next.body));
    document.dispatchEvent(new Event('astro:page-load'));
  },
  'everything, as text': (text) => {
    const next = new DOMParser().parseFromString(text, 'text/html');
    document.documentElement.innerHTML = next.documentElement.innerHTML;
  },
  'everything, as nodes': (text) => {
    const next = new DOMParser().parseFromString(text, 'text/html');
    document.documentElement.replaceWith(document.adoptNode(next.documentElement));
  },
};

for (const [index, [name, swap]] of Object.entries(SWAPS).entries()) {
  test(
    `a page that swaps ${name}: the call continues, and there is one element`,
    firstRows(2, index),
    async () => {
      const body = (title: string): string => `<main><h1>${title}</h1></main>${LINE}`;
      await using place = await openPlace(browser, {
        pages: { '/': pageOf(body('One')), '/two': pageOf(body('Two')) },
      });
      const { page } = place;
      await ready(page);
      await talk(place);
      const text = await page.evaluate(async () => (await fetch('/two')).text());
      for (let count = 0; count < 2; count++) await page.evaluate(swap, text);
      await expect(page.locator('h1')).toHaveText('Two');
      const call = await place.server.call();
      await call.inputOfAtLeast(400);
      expect(await state(page)).toBe('listening');
      expect(await page.locator('voice-agent').count()).toBe(1);
      await page.locator('voice-agent .call').first().click();
      await call.message('session.end');
      await talk(place, 2);
      expect(place.server.calls).toHaveLength(2);
      expect(place.consoleErrors).toEqual([]);
    },
  );
}

test('a page that inserts the tag as text, repeatedly', async () => {
  await using place = await openPlace(browser, {
    pages: {
      '/': pageOf('<div id="spot"></div>', '<script type="module" src="/dist/voice-agent.js"></script>'),
      '/tag': '<voice-agent {{attributes}}></voice-agent>',
    },
  });
  const { page } = place;
  const insert = () =>
    page.evaluate(async () => {
      document.querySelector('#spot')!.innerHTML = await (await fetch('/tag')).text();
    });
  for (const number of [1, 2]) {
    await insert();
    await ready(page);
    await talk(place, number);
    expect(await page.locator('voice-agent').count()).toBe(1);
  }
  await (await place.server.call(1)).message('session.end');
});
