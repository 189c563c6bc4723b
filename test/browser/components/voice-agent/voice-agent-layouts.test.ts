/* eslint-disable no-console -- what the console is told is what is tested */
import { expect } from 'chai';
import { sendKeys } from '@web/test-runner-commands';
import { violations } from '../support/accessibility.js';
import { act, clearPage, find, findAll, mount, nextFrames, textOf } from '../support/mount.js';
import { SCENES } from '../support/scenes.js';

describe('The layouts of VoiceAgentElement', () => {
  afterEach(clearPage);

  it('can change at any time without ending the call or losing the transcript', async () => {
    const element = await mount();
    await act(element, SCENES['speaking']!);
    for (const layout of ['bar', 'button', 'floating', 'headless', 'panel']) {
      element.setAttribute('layout', layout);
      await element.updateComplete;
      expect(element.layout).to.equal(layout);
    }
    expect(element.script.requests).to.deep.equal([]);
    expect(findAll(element, '.entry').length).to.equal(5);
  });

  it('warn once about an unknown value and fall back to the default', async () => {
    const warnings: string[] = [];
    const { warn } = console;
    console.warn = (text: string) => warnings.push(text);
    try {
      const element = await mount({ layout: 'pannel', theme: 'dusk', 'input-mode': 'morse' });
      expect(find(element, '.panel').isConnected).to.equal(true);
      expect(element.script.inputMode).to.equal('voice');
      expect(element.getAttribute('input-mode'), 'the attribute is the page’s').to.equal('morse');
      element.requestUpdate();
      await element.updateComplete;
      await mount({ layout: 'pannel' });
    } finally {
      console.warn = warn;
    }
    expect(warnings.map((text) => /: (.*?) is none of/.exec(text)?.[1])).to.have.members([
      'input-mode="morse"',
      'layout="pannel"',
      'theme="dusk"',
    ]);
  });

  it('panel: the visualizer is in proportion to a narrow card, and no larger in a wide one', async () => {
    const element = await mount();
    element.style.setProperty('--voice-agent-height', '60em');
    const visualizer = find(element, '.visualizer');
    visualizer.style.transition = 'none';
    for (const [width, height] of [
      [200, 144],
      [240, 173],
      [400, 208],
    ] as const) {
      element.style.inlineSize = `${width}px`;
      await nextFrames();
      expect(visualizer.getBoundingClientRect().height, `${width} px`).to.be.closeTo(height, 2);
    }
  });

  it('bar: one line with the latest words, and the whole log for assistive technology', async () => {
    const element = await mount({ layout: 'bar' });
    const before = element.getBoundingClientRect().height;
    await act(element, SCENES['speaking']!);
    expect(element.getBoundingClientRect().height).to.equal(before);
    expect(before).to.be.at.most(90);
    expect(textOf(find(element, '.caption'))).to.equal('And there');
    expect(find(element, '[role=log]').children.length).to.equal(4);
  });

  it('bar: describes the call before it starts, and shows the latest words if not all fit', async () => {
    const element = await mount({ layout: 'bar' });
    element.style.inlineSize = '320px';
    const caption = find(element, '.caption');
    expect(textOf(caption)).to.match(/^You are talking with an AI\. Press the button, allow the microphone/);
    expect(caption.ariaHidden, 'for everybody').to.equal('false');
    for (const [dir, text] of [
      ['ltr', 'Many words that are far too many for this line. '],
      ['rtl', 'كلمات كثيرة جدا لا يتسع لها هذا السطر. '],
    ] as const) {
      element.dir = dir;
      await act(element, (script) => {
        script.enter('connecting', 'speaking');
        script.utter({ key: 'a', role: 'agent', text: text.repeat(4).trim() });
      });
      const [box, words] = [caption, find(element, '.latest')].map((part) => part.getBoundingClientRect());
      expect(words!.width).to.be.greaterThan(box!.width);
      if (dir === 'ltr') expect(words!.right).to.be.closeTo(box!.right, 1);
      else expect(words!.left).to.be.closeTo(box!.left, 1);
    }
    await act(element, (script) => script.utter({ key: 'b', role: 'user', text: 'Yes.' }));
    const [box, words] = [caption, find(element, '.latest')].map((part) => part.getBoundingClientRect());
    expect(words!.width, 'few words fill the line, from its start').to.be.closeTo(box!.width, 1);
  });

  it('bar: a name and a link of the page leave room for the state on a phone', async () => {
    const element = await mount({ layout: 'bar' });
    await act(element, (script) => script.enter('connecting', 'listening'));
    const boxes = (): DOMRect[] =>
      ['.words-line', '.controls'].map((part) => find(element, part).getBoundingClientRect());
    for (const width of [200, 260, 280, 320, 380]) {
      element.style.inlineSize = `${width}px`;
      element.innerHTML = '';
      const [words, controls] = boxes();
      expect(words!.bottom, `one line, ${width} px`).to.be.greaterThan(controls!.top);
      element.innerHTML = '<b slot="header">Ada</b><a slot="footer" href="#">Datenschutz</a>';
      expect(boxes()[0]!.width, `${width} px`).to.be.at.least(64);
      const line = find(element, '.line');
      expect(line.scrollWidth, `${width} px`).to.equal(line.clientWidth);
    }
  });

  it('bar: a name and a link of any length leave room for the state on a wide page', async () => {
    const element = await mount({ layout: 'bar' });
    await act(element, (script) => script.enter('connecting', 'listening'));
    for (const width of [384, 400, 430, 500, 640, 900]) {
      element.style.inlineSize = `${width}px`;
      element.innerHTML = '';
      expect(find(element, '.line').clientHeight, `one line, ${width} px`).to.be.below(64);
      for (const [name, link] of [
        ['Ada', 'Privacy'],
        ['Customer service of Example Ltd', 'What happens with your voice'],
      ]) {
        element.innerHTML = `<b slot="header">${name}</b><a slot="footer" href="#">${link}</a>`;
        const status = find(element, '.status');
        expect(status.clientWidth, `${name}, ${width} px`).to.be.at.least(status.scrollWidth);
        const line = find(element, '.line');
        expect(line.scrollWidth, `${name}, ${width} px`).to.equal(line.clientWidth);
      }
    }
  });

  it('bar: its notices do not touch the buttons, nor each other', async () => {
    const element = await mount({ layout: 'bar' });
    await act(element, (script) => {
      script.enter('connecting', 'listening');
      script.fire('call-warning', { reason: 'idle', secondsLeft: 30 });
    });
    const [buttons, ...notices] = findAll(element, '.line, .notice').map((box) =>
      box.getBoundingClientRect(),
    );
    expect(notices).to.have.length(2);
    let above = buttons!.bottom;
    for (const { top, bottom, height } of notices) {
      expect(height).to.be.greaterThan(10);
      expect(top - above).to.be.greaterThan(3);
      above = bottom;
    }
  });

  it('bar: where the state and the length of the call do not both fit, the state is whole', async () => {
    const heights = new Set<number>();
    for (const [name, play] of Object.entries(SCENES))
      for (const muted of [false, true]) {
        if (name === 'error') continue;
        const element = await mount({ layout: 'bar', ...(muted && { muted }) });
        element.style.inlineSize = '400px';
        await act(element, play);
        element.script.hear(false);
        await element.updateComplete;
        const status = find(element, '.status');
        expect(status.scrollWidth, `${name} ${muted}`).to.be.at.most(status.clientWidth);
        heights.add(find(element, '.line').offsetHeight);
        element.remove();
      }
    expect(heights.size, 'on one line').to.equal(1);
  });

  it('panel, bar and button: are not divided between the columns of a text', async () => {
    for (const layout of ['panel', 'bar', 'button']) {
      const element = await mount({ layout, 'text-input': '' });
      const columns = document.createElement('div');
      columns.style.cssText = 'columns: 2; inline-size: 700px';
      columns.innerHTML = '<p style="margin: 0; block-size: 100px"></p>';
      document.body.append(columns);
      columns.append(element);
      await act(element, SCENES['speaking']!);
      const box = find(element, layout === 'button' ? '.call' : `.${layout}`);
      expect(box.getClientRects().length, layout).to.equal(1);
      columns.remove();
    }
  });

  it('button: describes the call before it starts, and announces everything that other layouts announce', async () => {
    const element = await mount({ layout: 'button' });
    expect(find(element, '.call').title).to.match(/allow the microphone/);
    expect(find(element, '[role=log]').children.length).to.equal(0);
    await act(element, SCENES['speaking']!);
    expect(find(element, '.call').title).to.equal('');
    expect(find(element, '[role=log]').children.length).to.equal(4);
    await act(element, (script) => script.fire('call-warning', { reason: 'idle', secondsLeft: 9 }));
    expect(find(element, '.notice').checkVisibility()).to.equal(true);
    expect(textOf(find(element, '.notice'))).to.equal('This conversation ends in 9 seconds.');
    expect(await violations(element)).to.deep.equal([]);
  });

  it('button and bar: the log for assistive technology does not make the page longer', async () => {
    for (const layout of ['button', 'bar']) {
      const element = await mount({ layout });
      await act(element, (script) => script.enter('connecting', 'listening'));
      const { scrollingElement } = document;
      const before = scrollingElement!.scrollHeight;
      await act(element, (script) => {
        for (let at = 0; at < 60; at++)
          script.utter({ key: `${at}`, role: 'agent', text: `Sentence ${at}.` });
      });
      expect(scrollingElement!.scrollHeight, layout).to.equal(before);
      element.remove();
    }
  });

  it('button: shows the mute button while the user is muted', async () => {
    const element = await mount({ layout: 'button' });
    await act(element, (script) => script.enter('connecting', 'listening'));
    expect(findAll(element, '.mute').length).to.equal(0);
    find(element, '.call').focus();
    await sendKeys({ press: 'm' });
    await element.updateComplete;
    find(element, '.mute').focus();
    find(element, '.mute').click();
    await element.updateComplete;
    expect(element.muted).to.equal(false);
    expect(element.shadowRoot?.activeElement === find(element, '.rest')).to.equal(true);
  });

  it('button: its messages stay inside the window, wherever the button is', async () => {
    const element = await mount({ layout: 'button', dir: 'ltr' });
    for (const place of [
      'inset: 8px auto auto 8px',
      'inset: 8px 8px auto auto',
      'inset: auto 8px 8px auto',
    ]) {
      element.style.cssText = `position: fixed; ${place}`;
      await act(element, SCENES['error']!);
      const { left, right, top, bottom } = find(element, '.error').getBoundingClientRect();
      expect(left, place).to.be.at.least(0);
      expect(right, place).to.be.at.most(innerWidth);
      expect(top, place).to.be.at.least(0);
      expect(bottom, place).to.be.at.most(innerHeight);
      await act(element, (script) => script.enter('idle'));
    }
  });

  it('button: is as wide as its label, which the page can change', async () => {
    const element = await mount({ layout: 'button' });
    expect(textOf(find(element, '.call'))).to.equal('Start conversation');
    const wide = element.getBoundingClientRect().width;
    const label = document.createElement('b');
    label.slot = 'start-label';
    label.textContent = 'Ask';
    element.append(label);
    await nextFrames();
    expect(element.getBoundingClientRect().width).to.be.lessThan(wide);
    find(element, '.call').click();
    await element.updateComplete;
    expect(textOf(find(element, '.call'))).to.equal('End conversation');
  });

  it('floating: the launcher opens the card, Escape closes it, and the focus follows', async () => {
    const element = await mount({ layout: 'floating' });
    const launcher = find(element, '.launcher');
    expect(find(element, '.sheet').checkVisibility()).to.equal(false);
    launcher.focus();
    await sendKeys({ press: 'Enter' });
    await element.updateComplete;
    expect(element.open).to.equal(true);
    expect(launcher.getAttribute('aria-expanded')).to.equal('true');
    await nextFrames();
    expect(element.shadowRoot?.activeElement).to.equal(find(element, '.call'));
    await sendKeys({ press: 'Enter' });
    expect(element.script.requests).to.deep.equal(['start']);
    await sendKeys({ press: 'Escape' });
    await nextFrames();
    expect(element.open).to.equal(false);
    expect(element.shadowRoot?.activeElement).to.equal(launcher);
    expect(element.state, 'closing the card does not end the call').to.equal('connecting');
  });

  it('floating: an error opens the card; the closed card still announces the state', async () => {
    const element = await mount({ layout: 'floating' });
    const opened: boolean[] = [];
    element.addEventListener('open-change', ({ detail }) => opened.push(detail.open));
    const announced = (): string =>
      findAll(element, '[role=status]')
        .filter((region) => region.checkVisibility())
        .map(textOf)
        .join('|');
    await act(element, (script) => script.enter('connecting', 'listening'));
    expect(announced()).to.equal('Listening|');
    await act(element, (script) => script.fire('call-warning', { reason: 'idle', secondsLeft: 9 }));
    expect(announced()).to.equal('Listening|This conversation ends in 9 seconds.');
    await act(element, SCENES['error']!);
    expect(find(element, '[role=alert]').checkVisibility()).to.equal(true);
    expect(announced().match(/Something went wrong/g)?.length, 'once').to.equal(1);
    find(element, '.close').click();
    await element.updateComplete;
    expect(element.open, 'it stays closed').to.equal(false);
    expect(opened).to.deep.equal([true, false]);
  });

  it('floating: the accessible name of the launcher contains its visible content', async () => {
    const element = await mount({ layout: 'floating' });
    const launcher = find(element, '.launcher');
    expect(launcher.hasAttribute('aria-label')).to.equal(false);
    expect(launcher.textContent.trim()).to.equal('Voice conversation');
    expect(find(element, '.launcher .vh').getBoundingClientRect().width).to.be.at.most(1);
    element.insertAdjacentHTML('beforeend', '<b slot="launcher">Ask us</b>');
    await nextFrames();
    expect(await violations(element)).to.deep.equal([]);
    expect(launcher.getBoundingClientRect().width).to.be.at.least(44);
  });

  it('floating: is in its corner inside the window, mirrored in right-to-left pages', async () => {
    const element = await mount({ layout: 'floating', open: true });
    const { innerWidth, innerHeight } = window;
    for (const [dir, placement, left, top] of [
      ['ltr', 'bottom-end', false, false],
      ['ltr', 'top-start', true, true],
      ['rtl', 'bottom-end', true, false],
      ['rtl', 'top-start', false, true],
    ] as const) {
      element.dir = dir;
      element.setAttribute('placement', placement);
      await element.updateComplete;
      const { x, y, width, height } = find(element, '.launcher').getBoundingClientRect();
      expect(x + width / 2 < innerWidth / 2, `${dir} ${placement}`).to.equal(left);
      expect(y + height / 2 < innerHeight / 2, `${dir} ${placement}`).to.equal(top);
      const sheet = find(element, '.sheet').getBoundingClientRect();
      expect(sheet.left).to.be.at.least(0);
      expect(sheet.right).to.be.at.most(innerWidth);
      expect(sheet.top).to.be.at.least(0);
      expect(sheet.bottom).to.be.at.most(innerHeight);
    }
  });

  it('floating: the page’s header is not below the close button', async () => {
    for (const dir of ['ltr', 'rtl']) {
      document.dir = dir;
      const element = await mount({ layout: 'floating', open: true });
      element.innerHTML = `<h2 slot="header" style="margin: 0">${'Many words '.repeat(9)}</h2>`;
      await nextFrames();
      const [header, close] = [element.firstElementChild!, find(element, '.close')].map((box) =>
        box.getBoundingClientRect(),
      );
      const isApart = header!.right <= close!.left || header!.left >= close!.right;
      expect(isApart, dir).to.equal(true);
    }
    document.dir = '';
  });

  it('headless: shows only the page’s own content', async () => {
    const element = await mount({ layout: 'headless' });
    const own = document.createElement('p');
    own.textContent = 'My own UI';
    element.append(own);
    await nextFrames();
    expect(own.checkVisibility()).to.equal(true);
    expect(findAll(element, ':not(slot)').filter((found) => found.localName !== 'style')).to.deep.equal([]);
    await element.start();
    expect(element.getAttribute('state')).to.equal('connecting');
  });

  it('mute with the key M while the focus is inside, except in a text field', async () => {
    const element = await mount();
    const field = document.createElement('input');
    field.slot = 'footer';
    element.append(field);
    await nextFrames();
    find(element, '.call').focus();
    await sendKeys({ press: 'm' });
    expect(element.muted).to.equal(true);
    field.focus();
    await sendKeys({ press: 'm' });
    expect(element.muted).to.equal(true);
    expect(field.value).to.equal('m');
    field.blur();
    await sendKeys({ press: 'm' });
    expect(element.muted, 'not while the focus is elsewhere').to.equal(true);
    find(element, '.call').focus();
    await sendKeys({ down: 'm' });
    await sendKeys({ down: 'm' });
    await sendKeys({ up: 'm' });
    expect(element.muted, 'once, however long it is held').to.equal(false);
  });
});
