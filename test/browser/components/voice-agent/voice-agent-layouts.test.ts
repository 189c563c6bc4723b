/* eslint-disable no-console -- what the console is told is what is tested */
import { expect } from 'chai';
import { sendKeys } from '@web/test-runner-commands';
import { act, clearPage, find, findAll, mount, nextFrames, textOf } from '../support/mount.js';
import { SCENES } from '../support/scenes.js';

describe('The layouts of VoiceAgentElement', () => {
  afterEach(clearPage);

  it('change at any time without ending the call or losing the transcript', async () => {
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

  it('warn once of an unknown value and fall back', async () => {
    const warnings: string[] = [];
    const { warn } = console;
    console.warn = (text: string) => warnings.push(text);
    try {
      const element = await mount({ layout: 'pannel', theme: 'dusk' });
      expect(find(element, '.panel').isConnected).to.equal(true);
      element.requestUpdate();
      await element.updateComplete;
      await mount({ layout: 'pannel' });
    } finally {
      console.warn = warn;
    }
    expect(warnings.map((text) => /: (.*?) is none of/.exec(text)?.[1])).to.deep.equal([
      'layout="pannel"',
      'theme="dusk"',
    ]);
  });

  it('bar: one slim line with the latest words, and the whole log for assistive technology', async () => {
    const element = await mount({ layout: 'bar' });
    const before = element.getBoundingClientRect().height;
    await act(element, SCENES['speaking']!);
    expect(element.getBoundingClientRect().height).to.equal(before);
    expect(before).to.be.at.most(90);
    expect(textOf(find(element, '.caption'))).to.equal('And there');
    expect(find(element, '[role=log]').children.length).to.equal(4);
  });

  it('button: as wide as its label, which the page can change', async () => {
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

  it('floating: opens from the launcher, Escape closes it, the focus goes in and comes back', async () => {
    const element = await mount({ layout: 'floating' });
    const launcher = find(element, '.launcher');
    expect(find(element, '.sheet').checkVisibility()).to.equal(false);
    launcher.focus();
    await sendKeys({ press: 'Enter' });
    await element.updateComplete;
    expect(element.hasAttribute('open')).to.equal(true);
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

  it('floating: stands in its corner, mirrored from right to left, inside the window', async () => {
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

  it('headless: shows what the page puts inside, and nothing else', async () => {
    const element = await mount({ layout: 'headless' });
    const own = document.createElement('p');
    own.textContent = 'My own face';
    element.append(own);
    await nextFrames();
    expect(own.checkVisibility()).to.equal(true);
    expect(findAll(element, ':not(slot)').filter((found) => found.localName !== 'style')).to.deep.equal([]);
    await element.start();
    expect(element.getAttribute('state')).to.equal('connecting');
  });

  it('mute with the key M while the focus is inside, but not while a text is typed', async () => {
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
  });
});
