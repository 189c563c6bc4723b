/** The element in unusual places of a page: wrappers, dialogs, frames, other languages. */
import { expect } from 'chai';
import '../../../../components/define-parts.js';
import { act, clearPage, find, findAll, fittingWidth, mount, nextFrames, until } from '../support/mount.js';
import { SCENES } from '../support/scenes.js';
import type { ScriptedElement } from '../support/scripted-agent.js';

/** Styles of ancestors that capture, clip or cover `fixed` elements. */
const WRAPPERS = [
  'transform: translateX(0); overflow: hidden',
  'filter: blur(0); overflow: hidden',
  'contain: strict',
  'will-change: transform; overflow: clip',
  'position: relative; z-index: -1; overflow: hidden; opacity: 0.99',
];

function wrapped(css: string, tag: 'div' | 'dialog' = 'div'): HTMLElement {
  const wrapper = document.createElement(tag);
  wrapper.style.cssText = css;
  document.body.append(wrapper);
  return wrapper;
}

/** Its centre is inside the window, and nothing covers it. */
function isOnTop(element: ScriptedElement, selector: string): boolean {
  const { x, y, width, height } = find(element, selector).getBoundingClientRect();
  const hit = document.elementFromPoint(x + width / 2, y + height / 2);
  return hit === element;
}

describe('VoiceAgentElement in the layout floating', () => {
  afterEach(clearPage);

  it('is in the corner of the window in any container, above the page’s layers', async () => {
    const cover = wrapped('position: fixed; inset: 0; z-index: 2147483647; background: white');
    for (const css of WRAPPERS) {
      const element = await mount({ layout: 'floating' });
      wrapped(`inline-size: 80px; block-size: 40px; ${css}`).append(element);
      await element.updateComplete;
      const { right, bottom } = find(element, '.launcher').getBoundingClientRect();
      expect([innerWidth - right, innerHeight - bottom], css).to.deep.equal([20, 20]);
      expect(isOnTop(element, '.launcher'), css).to.equal(true);
      element.open = true;
      await element.updateComplete;
      expect(isOnTop(element, '.call'), `${css}, its card`).to.equal(true);
      element.remove();
    }
    cover.remove();
  });

  it('stays among the page’s layers if --voice-agent-z-index is set', async () => {
    const element = await mount({ layout: 'floating' });
    element.remove();
    element.style.setProperty('--voice-agent-z-index', '5');
    document.body.append(element);
    await element.updateComplete;
    expect(find(element, '.floating').matches(':popover-open')).to.equal(false);
    expect(isOnTop(element, '.launcher')).to.equal(true);
    wrapped('position: fixed; inset: 0; z-index: 6; background: white');
    expect(isOnTop(element, '.launcher'), 'below the page').to.equal(false);
  });

  it('is below a modal dialog of the page, and above one that contains it', async () => {
    const element = await mount({ layout: 'floating' });
    const other = wrapped('', 'dialog') as HTMLDialogElement;
    other.showModal();
    await nextFrames();
    expect(isOnTop(element, '.launcher'), 'the page is inert').to.equal(false);
    other.close();
    const own = wrapped('', 'dialog') as HTMLDialogElement;
    own.append(element);
    await element.updateComplete;
    own.showModal();
    await until(() => isOnTop(element, '.launcher'), 'it is above its dialog');
  });

  it('is shown again after it was moved', async () => {
    const element = await mount({ layout: 'floating', open: '' });
    wrapped(WRAPPERS[0]!).append(element);
    await element.updateComplete;
    expect(isOnTop(element, '.call')).to.equal(true);
  });
});

describe('VoiceAgentElement where the page’s layout asks for its width', () => {
  afterEach(clearPage);

  it('has one, and fits into the window', async () => {
    for (const [css, itself] of [
      ['display: flex'],
      ['display: flex; flex-direction: column; align-items: center'],
      ['display: grid; place-items: center'],
      ['display: inline-block'],
      ['float: left'],
      ['position: absolute'],
      ['display: table-cell'],
      ['inline-size: fit-content; margin: auto; padding: 16px'],
      ['', 'inline-size: fit-content'],
      ['', 'float: left'],
      ['', 'position: absolute'],
    ] as const)
      for (const layout of ['panel', 'bar']) {
        const wrapper = wrapped(css);
        const element = await mount({ layout });
        element.style.cssText = itself ?? '';
        wrapper.append(element);
        await element.updateComplete;
        const { width, right } = find(element, `.${layout}`).getBoundingClientRect();
        expect(width, `${layout} in ${css} ${itself}`).to.be.at.least(300);
        expect(right, `${layout} in ${css} ${itself}`).to.be.at.most(innerWidth);
        wrapper.remove();
      }
  });

  it('shrinks with the place that the page gives to it', async () => {
    for (const css of ['display: flex', 'display: grid', 'display: grid; grid-template-columns: 1fr', '']) {
      const element = await mount();
      wrapped(`inline-size: 220px; ${css}`).append(element);
      await element.updateComplete;
      expect(find(element, '.panel').offsetWidth, css).to.equal(220);
    }
  });
});

describe('VoiceAgentElement in a closed shadow root', () => {
  afterEach(clearPage);

  it('keeps the focus when the focused button disappears', async () => {
    const element = await mount();
    document.body.append(document.createElement('section'));
    document.body.lastElementChild!.attachShadow({ mode: 'closed' }).append(element);
    await act(element, (script) => script.enter('connecting', 'listening', 'speaking'));
    find(element, '.interrupt').focus();
    await act(element, (script) => script.enter('ended'));
    expect(element.shadowRoot!.activeElement?.className).to.contain('rest');
  });
});

it('the messages of the layout button are at the bottom of the window in any container', async () => {
  for (const css of WRAPPERS) {
    const element = await mount({ layout: 'button', 'require-consent': '' });
    wrapped(`inline-size: 80px; block-size: 40px; ${css}`).append(element);
    void element.start().catch(() => undefined);
    await element.updateComplete;
    expect(isOnTop(element, '.agree'), css).to.equal(true);
    await element.stop();
    element.remove();
  }
});

describe('A long text of the page', () => {
  afterEach(clearPage);

  for (const [layout, width] of [
    ['button', 400],
    ['panel', 400],
    ['panel', 780],
    ['floating', 400],
  ] as const)
    it(`to agree to can be read whole, in the layout ${layout}, ${width} px wide`, async () => {
      const element = await mount({ layout, open: '', 'require-consent': '' });
      element.style.inlineSize = `${width}px`;
      element.innerHTML = `<div slot="consent"><p id="first">First</p>${'<p>Words of the law.</p>'.repeat(40)}</div>`;
      void element.start().catch(() => undefined);
      await element.updateComplete;
      for (const target of [element.querySelector<HTMLElement>('#first')!, find(element, '.agree')]) {
        target.scrollIntoView();
        const { top, bottom, left, width: wide } = target.getBoundingClientRect();
        expect(top, 'inside the window').to.be.at.least(-1);
        expect(bottom).to.be.at.most(innerHeight + 1);
        const root = target.getRootNode() as Document | ShadowRoot;
        const hit = root.elementFromPoint(left + wide / 2, (top + bottom) / 2);
        expect(hit === target, `${target.id || target.className} is visible`).to.equal(true);
      }
      await element.stop();
    });

  for (const width of [400, 780])
    it(`instead of the welcome does not cover the state, ${width} px wide`, async () => {
      const element = await mount();
      element.style.inlineSize = `${width}px`;
      element.innerHTML = `<ul slot="empty">${'<li>Ask us about this</li>'.repeat(30)}</ul>`;
      await nextFrames();
      const [own, state, panel] = [
        element.firstElementChild!,
        find(element, '.status'),
        find(element, '.panel'),
      ];
      const box = own.getBoundingClientRect();
      if (width === 400) expect(box.top).to.be.at.least(state.getBoundingClientRect().bottom);
      expect(box.top).to.be.at.least(panel.getBoundingClientRect().top);
      const controls = find(element, '.controls').getBoundingClientRect();
      if (width === 400) expect(controls.top, 'nor the buttons').to.be.at.least(box.bottom);
    });

  it('never leaves its box, if it is one long word', async () => {
    const word = 'Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen';
    const keys = 'welcome welcomeHint stateIdle stateListening aiNotice waiting endsSoon consent agree retry';
    const texts = Object.fromEntries(keys.split(' ').map((key) => [key, word]));
    for (const layout of ['panel', 'bar', 'button', 'floating'])
      for (const scene of ['idle', 'listening', 'error', 'consent']) {
        const element = await mount({
          layout,
          open: '',
          'require-consent': '',
          texts: JSON.stringify(texts),
        });
        element.style.cssText = 'inline-size: 240px';
        if (scene === 'consent') void element.start().catch(() => undefined);
        else
          await act(element, (script) => {
            SCENES[scene]!(script);
            script.fire('call-warning', { secondsLeft: 30 });
          });
        await element.updateComplete;
        for (const box of findAll(
          element,
          '.panel, .bar, .error, .consent, .notice, .empty, .presence, .pop',
        ))
          if (box.checkVisibility())
            expect(box.scrollWidth, `${layout} ${scene} .${box.className}`).to.be.at.most(
              fittingWidth(box) + 1,
            );
        await element.stop();
        element.remove();
      }
  });
});

describe('VoiceAgentElement moved to another document', () => {
  let frame: HTMLIFrameElement;
  beforeEach(() => {
    frame = document.createElement('iframe');
    frame.style.cssText = 'inline-size: 400px; block-size: 600px';
    document.body.append(frame);
  });
  afterEach(clearPage);

  it('keeps its styles, its keys and its call, also when it is moved back', async () => {
    const element = await mount({ 'push-to-talk': '', theme: 'dark' });
    await act(element, SCENES['listening']!);
    const page = frame.contentDocument!;
    const surface = () => getComputedStyle(find(element, '.panel')).backgroundColor;
    for (const place of [page.body, document.body]) {
      place.append(element);
      await element.updateComplete;
      expect(surface()).to.equal('rgb(20, 23, 31)');
      expect(getComputedStyle(find(element, '.panel')).position).to.equal('relative');
      const options = { key: ' ', bubbles: true, composed: true, cancelable: true };
      find(element, '.hold').dispatchEvent(new KeyboardEvent('keydown', options));
      expect(element.muted, 'held').to.equal(false);
      await new Promise((resolve) => setTimeout(resolve, 300));
      (place.ownerDocument.defaultView ?? window).dispatchEvent(new KeyboardEvent('keyup', options));
      expect(element.muted, 'let go, in the window that it is in').to.equal(true);
    }
    expect(element.script.requests).to.deep.equal([]);
    expect(element.state).to.equal('listening');
  });

  it('takes the first press there, although the clock of a new window starts again', async () => {
    const element = await mount();
    const press = (view: Window & typeof globalThis) =>
      find(element, '.call').dispatchEvent(
        new view.MouseEvent('click', { detail: 1, bubbles: true, composed: true, cancelable: true }),
      );
    press(window);
    await element.updateComplete;
    frame.contentDocument!.body.append(element);
    await element.updateComplete;
    press(frame.contentWindow as Window & typeof globalThis);
    expect(element.script.requests).to.deep.equal(['start', 'stop:stopped']);
  });

  it('its parts keep their styles', async () => {
    const element = await mount({ devices: '' });
    await customElements.whenDefined('voice-agent-extras');
    await element.updateComplete;
    const extras = element.shadowRoot!.querySelector('voice-agent-extras')!;
    await extras.updateComplete;
    frame.contentDocument!.body.append(element);
    await element.updateComplete;
    expect(getComputedStyle(find(extras, '.bar')).display).to.equal('flex');
  });

  for (const layout of ['panel', 'floating'])
    it(`ends its call when the window closes and the page does not move it back, in the layout ${layout}`, async () => {
      const element = await mount({ layout });
      await act(element, SCENES['listening']!);
      frame.contentDocument!.body.append(element);
      await element.updateComplete;
      frame.remove();
      await until(() => element.script.requests.includes('stop:removed'), 'it ends');
      await element.updateComplete;
    });

  it('continues its call if the page moves it back when the window closes', async () => {
    const element = await mount();
    await act(element, SCENES['listening']!);
    frame.contentDocument!.body.append(element);
    await element.updateComplete;
    frame.contentWindow!.addEventListener('pagehide', () => document.body.append(element));
    frame.remove();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(element.script.requests).to.deep.equal([]);
    expect(getComputedStyle(find(element, '.panel')).position).to.equal('relative');
  });
});

describe('VoiceAgentElement in another language than the page', () => {
  afterEach(clearPage);
  afterEach(() => (document.documentElement.lang = ''));

  const languageOf = (node: Element): string | null | undefined =>
    node.closest('[lang]')?.getAttribute('lang');

  it('marks the language of its own texts, and that of the transcript as the page’s', async () => {
    document.documentElement.lang = 'fa';
    document.documentElement.dir = 'rtl';
    for (const layout of ['panel', 'bar', 'button', 'floating']) {
      const element = await mount({ layout, open: '' });
      await act(element, (script) => script.utter({ key: 'a', role: 'agent', text: 'سلام' }));
      for (const text of findAll(element, '.status, .call, .hint')) {
        expect(languageOf(text), `${layout} .${text.className}`).to.equal('en');
        expect(getComputedStyle(text).direction).to.equal('ltr');
      }
      for (const words of findAll(element, '.words')) expect(languageOf(words)).to.equal('fa');
      if (layout === 'floating')
        expect(find(element, '.launcher').getBoundingClientRect().left, 'the corner of the page').to.equal(
          20,
        );
    }
    document.documentElement.dir = '';
  });

  it('marks nothing if both are the same', async () => {
    document.documentElement.lang = 'en-GB';
    const element = await mount();
    expect(findAll(element, '[lang]')).to.deep.equal([]);
    document.documentElement.lang = 'pl';
    await until(() => findAll(element, '[lang=en]').length > 0, 'it says so');
    document.documentElement.lang = 'de';
    await until(() => findAll(element, '[lang]').length === 0, 'German is loaded');
  });
});
