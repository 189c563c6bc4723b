/** Style sheets of host pages. */
import { expect } from 'chai';
import '../../../../components/define-parts.js';
import { inked } from '../support/accessibility.js';
import { emulate, itWithMedia } from '../support/media.js';
import { act, clearPage, find, findAll, mount, nextFrames, until } from '../support/mount.js';
import { SCENES } from '../support/scenes.js';
import type { ScriptedElement } from '../support/scripted-agent.js';

const DARK = 'rgb(20, 23, 31)';
const LIGHT = 'rgb(255, 255, 255)';
const LAYOUTS = ['panel', 'bar', 'button', 'floating'];

/** An element inside a `div` of the page. @param css of the `div` */
async function mountIn(
  css: string,
  attributes: Readonly<Record<string, string>> = {},
): Promise<ScriptedElement> {
  const wrapper = document.createElement('div');
  wrapper.style.cssText = css;
  const element = await mount(attributes);
  document.body.append(wrapper);
  wrapper.append(element);
  await element.updateComplete;
  return element;
}

function surface(element: HTMLElement): string {
  return getComputedStyle(find(element, '.panel')).backgroundColor;
}

describe('VoiceAgentElement with theme="auto" on a page', () => {
  afterEach(() => emulate({ colorScheme: 'light' }));
  afterEach(clearPage);

  it('is dark in a dark section and light in a light one', async () => {
    expect(surface(await mountIn('color-scheme: dark'))).to.equal(DARK);
    expect(surface(await mountIn('color-scheme: only light'))).to.equal(LIGHT);
    expect(surface(await mountIn('color-scheme: dark', { theme: 'light' })), 'theme wins').to.equal(LIGHT);
    const nested = await mountIn('color-scheme: dark');
    nested.parentElement!.append(document.createElement('voice-agent-transcript'));
    const part = nested.parentElement!.querySelector('voice-agent-transcript')!;
    await part.updateComplete;
    expect(getComputedStyle(find(part, '.transcript')).color, 'a part alone').to.equal('rgb(238, 241, 247)');
  });

  it('follows a toggled class, whether it sets color-scheme or only colours', async () => {
    for (const css of [
      'color-scheme: dark',
      'background: #101010; color: #ddd',
      'background: oklch(0.2 0.05 250); color: oklch(0.9 0 0)',
    ]) {
      for (const layout of ['panel', 'floating']) {
        const element = await mountIn('background: #fff; color: #222', { layout });
        expect(surface(element), css).to.equal(LIGHT);
        element.parentElement!.style.cssText = css;
        await until(() => surface(element) === DARK, `dark after ${css}`);
        element.parentElement!.style.cssText = 'background: #fff; color: #222';
        await until(() => surface(element) === LIGHT, `light again after ${css}`);
      }
    }
  });

  it('follows a page whose colours change slowly', async () => {
    for (const transition of ['background-color 0.3s', 'all 0.3s']) {
      const element = await mountIn(`transition: ${transition}; background: #fff; color: #222`);
      Object.assign(element.parentElement!.style, { background: '#101010', color: '#ddd' });
      await until(() => surface(element) === DARK, `dark after ${transition}`);
    }
  });

  it('follows a page that turns off all transitions while it changes, and leaves those of the tag to the page', async () => {
    const rule = document.createElement('style');
    document.head.append(rule);
    for (const css of [
      '*, *::before, *::after { transition: none !important; animation: none !important }',
      '* { transition: all 2s }',
      'scripted-voice-agent { transition: opacity 20s }',
    ]) {
      rule.textContent = css;
      const element = await mountIn('background: #fff; color: #222');
      const own = css.includes('opacity') ? 'opacity' : css.includes('all') ? 'all' : 'none';
      expect(getComputedStyle(element).transitionProperty, css).to.equal(own);
      element.parentElement!.style.cssText = 'background: #101010; color: #ddd';
      await until(() => surface(element) === DARK, `dark with ${css}`);
    }
    rule.remove();
  });

  it('follows a page that changes while the tag is not displayed', async () => {
    for (const layout of ['panel', 'floating']) {
      const element = await mountIn('background: #fff; color: #222', { layout, open: '' });
      const section = element.parentElement!;
      section.hidden = true;
      await nextFrames();
      section.style.cssText = 'background: #101010; color: #ddd';
      await nextFrames();
      section.hidden = false;
      await until(() => surface(element) === DARK, `dark when it is shown, in the layout ${layout}`);
    }
  });

  it('leaves the page its own events', async () => {
    const element = await mountIn('');
    const seen: string[] = [];
    const note = ({ propertyName }: TransitionEvent) => seen.push(propertyName);
    document.body.addEventListener('transitionend', note);
    element.style.cssText = 'transition: opacity 1ms; opacity: 0.99';
    await nextFrames();
    element.style.opacity = '0.5';
    await until(() => seen.includes('opacity'), 'its transition is told');
    element.parentElement!.style.cssText = 'color: red; background: black';
    await until(() => surface(element) === DARK, 'dark');
    expect(seen.filter((name) => name !== 'opacity')).to.deep.equal([]);
    document.body.removeEventListener('transitionend', note);
  });

  itWithMedia(
    'is light on a light page in a dark system, and dark only where the page says nothing',
    async () => {
      await emulate({ colorScheme: 'dark' });
      expect(surface(await mountIn('background: #fafafa'))).to.equal(LIGHT);
      expect(surface(await mountIn('color-scheme: light'))).to.equal(LIGHT);
      expect(surface(await mountIn('color-scheme: light dark; background: white'))).to.equal(LIGHT);
      expect(surface(await mountIn('background: lab(95 0 0)'))).to.equal(LIGHT);
      const silent = await mountIn('');
      expect(surface(silent)).to.equal(DARK);
      const meta = Object.assign(document.createElement('meta'), { name: 'color-scheme', content: 'light' });
      document.head.append(meta);
      expect(surface(await mountIn(''))).to.equal(LIGHT);
      meta.remove();
      await emulate({ colorScheme: 'light' });
      await until(() => surface(silent) === LIGHT, 'the system is followed');
    },
  );

  it('slotted content has the colours of the card', async () => {
    const element = await mountIn('color-scheme: dark; color: white');
    element.innerHTML = '<p slot="footer">A note</p>';
    element.theme = 'light';
    await element.updateComplete;
    const style = getComputedStyle(element.firstElementChild!);
    expect([style.color, style.colorScheme]).to.deep.equal(['rgb(20, 23, 31)', 'light']);
  });
});

describe('VoiceAgentElement on a page with its own styles', () => {
  afterEach(clearPage);
  afterEach(() => document.documentElement.removeAttribute('style'));

  it('has no text below 14 px on a page whose root font size is 62.5 %', async () => {
    document.documentElement.style.fontSize = '62.5%';
    for (const layout of LAYOUTS)
      for (const [scene, play] of Object.entries(SCENES)) {
        const element = await mount({ layout, open: '', 'text-input': '' });
        play(element.script);
        await element.updateComplete;
        const small = inked(element)
          .filter((ink) => ink.textContent.trim() && parseFloat(getComputedStyle(ink).fontSize) < 14)
          .map((ink) => `${ink.className} ${getComputedStyle(ink).fontSize}`);
        expect(small, `${layout} ${scene}`).to.deep.equal([]);
        element.remove();
      }
  });

  it('uses --voice-agent-font-size, also a small one', async () => {
    const element = await mount();
    element.style.setProperty('--voice-agent-font-size', '12px');
    expect(getComputedStyle(find(element, '.panel')).fontSize).to.equal('12px');
  });

  /** Text styles that the element must not inherit from the page. */
  const LEAKS: Readonly<Record<string, string>> = {
    'text-transform': 'uppercase',
    'letter-spacing': '5px',
    'word-spacing': '9px',
    'line-height': '3',
    'white-space': 'pre',
    'text-align': 'right',
    'text-align-last': 'right',
    'text-shadow': 'red 1px 1px',
    'text-indent': '40px',
    hyphens: 'auto',
    cursor: 'wait',
    'font-style': 'italic',
    'font-weight': '900',
    'font-variant-caps': 'small-caps',
    'font-feature-settings': '"zero"',
    'word-break': 'break-all',
    'tab-size': '2',
    'writing-mode': 'vertical-rl',
    'list-style-type': 'square',
    '-webkit-text-fill-color': 'transparent',
    '-webkit-text-stroke-width': '2px',
  };

  it('inherits no text styles', async () => {
    const css = Object.entries(LEAKS)
      .map((declaration) => declaration.join(':'))
      .join(';');
    for (const layout of LAYOUTS) {
      const usual = await mount({ layout, open: '' });
      const element = await mountIn(css, { layout, open: '' });
      SCENES['speaking']!(usual.script);
      SCENES['speaking']!(element.script);
      await Promise.all([usual.updateComplete, element.updateComplete]);
      const own = findAll(element, '*');
      findAll(usual, '*').forEach((expected, index) => {
        for (const name of Object.keys(LEAKS))
          expect(
            getComputedStyle(own[index]!).getPropertyValue(name),
            `${layout} ${expected.localName} ${name}`,
          ).to.equal(getComputedStyle(expected).getPropertyValue(name));
      });
    }
  });

  it('inherits direction, visibility and pointer-events', async () => {
    const element = await mountIn('direction: rtl; visibility: hidden; pointer-events: none');
    const style = getComputedStyle(find(element, '.call'));
    expect([style.direction, style.visibility, style.pointerEvents]).to.deep.equal(['rtl', 'hidden', 'none']);
    const floating = await mountIn('visibility: hidden; pointer-events: none', { layout: 'floating' });
    const launcher = getComputedStyle(find(floating, '.launcher'));
    expect([launcher.visibility, launcher.pointerEvents], 'its place is the window').to.deep.equal([
      'visible',
      'auto',
    ]);
    floating.style.visibility = 'hidden';
    expect(getComputedStyle(find(floating, '.launcher')).visibility, 'hidden itself').to.equal('hidden');
  });

  it('does not style the page’s own UI in the layout headless; the consent question has its own background', async () => {
    const element = await mountIn('text-transform: uppercase; color: rgb(1, 2, 3); font: 20px serif', {
      layout: 'headless',
      'require-consent': '',
    });
    element.innerHTML = '<p>Talk</p>';
    const page = getComputedStyle(element.firstElementChild!);
    expect([page.textTransform, page.color, page.fontSize]).to.deep.equal([
      'uppercase',
      'rgb(1, 2, 3)',
      '20px',
    ]);
    void element.start().catch(() => undefined);
    await element.updateComplete;
    const consent = getComputedStyle(find(element, '#terms'));
    expect([consent.textTransform, consent.color]).to.deep.equal(['none', 'rgb(20, 23, 31)']);
    await act(element, () => void element.stop());
  });

  it('the plain theme uses the page’s typeface, and nothing else', async () => {
    const css = await (await fetch('/components/themes/plain.css')).text();
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css.replaceAll('voice-agent,', 'scripted-voice-agent,'));
    document.adoptedStyleSheets = [sheet];
    const element = await mountIn('font: italic 8px/3 monospace', { devices: '', 'save-transcript': '' });
    await customElements.whenDefined('voice-agent-extras');
    const extras = element.shadowRoot!.querySelector('voice-agent-extras')!;
    await extras.updateComplete;
    for (const inside of [
      find(element, '.panel'),
      find(extras, '.bar'),
      find(extras, 'voice-agent-export'),
    ]) {
      const { fontFamily, fontSize, fontStyle } = getComputedStyle(inside);
      expect([fontFamily, fontSize, fontStyle]).to.deep.equal(['monospace', '16px', 'normal']);
    }
    document.adoptedStyleSheets = [];
  });
});
