import { expect } from 'chai';
import { sendKeys, sendMouse } from '@web/test-runner-commands';
import '../../../../components/voice-agent-controls/define.js';
import type { ScriptedElement } from '../support/scripted-agent.js';
import { violations } from '../support/accessibility.js';
import { act, clearPage, find, findAll, mount, textOf, until } from '../support/mount.js';
import { SCENES } from '../support/scenes.js';

/** Longer than a tap, by the clock of the page. */
async function hold(): Promise<void> {
  const since = performance.now();
  await until(() => performance.now() - since > 300, 'it is no tap any more');
}

async function talker(layout = 'panel'): Promise<ScriptedElement> {
  const element = await mount({ layout, 'push-to-talk': true, 'text-input': true, open: true });
  await act(element, SCENES['listening']!);
  element.script.hear(false);
  await element.updateComplete;
  return element;
}

function centreOf(element: HTMLElement): [number, number] {
  const { left, top, width, height } = element.getBoundingClientRect();
  return [Math.round(left + width / 2), Math.round(top + height / 2)];
}

describe('Push to talk', () => {
  afterEach(async () => {
    await sendMouse({ type: 'move', position: [1, 1] });
    clearPage();
  });

  it('is muted until the button or key is held, says so, and is accessible in every layout and state', async () => {
    for (const layout of ['panel', 'bar', 'floating']) {
      const element = await talker(layout);
      expect(element.muted, layout).to.equal(true);
      expect(element.script.muted, layout).to.equal(true);
      expect(textOf(find(element, '.status')), layout).to.equal('Hold to talk');
      const button = find(element, '.hold');
      expect(button.getBoundingClientRect().width, `${layout}: it can be seen and hit`).to.be.at.least(32);
      expect(button.ariaLabel, layout).to.equal('Hold to talk');
      expect(button.ariaPressed, layout).to.equal('false');
      expect(findAll(element, '.mute').length, 'one button for the microphone').to.equal(1);
      expect(await violations(element), layout).to.deep.equal([]);
      element.muted = false;
      await element.updateComplete;
      expect(button.ariaPressed, layout).to.equal('true');
      expect(textOf(find(element, '.status')), layout).to.equal('Listening');
      expect(await violations(element), layout).to.deep.equal([]);
      element.remove();
    }
  });

  it('is muted again when the held button disappears with its layout, or with the call', async () => {
    const disappears: ((element: ScriptedElement) => unknown)[] = [
      (element) => element.setAttribute('layout', 'panel'),
      (element) => act(element, (script) => script.enter('ended')),
    ];
    for (const disappear of disappears) {
      const element = await talker('button');
      await sendMouse({ type: 'move', position: centreOf(find(element, '.hold')) });
      await sendMouse({ type: 'down' });
      await hold();
      expect(element.muted).to.equal(false);
      await disappear(element);
      await element.updateComplete;
      await sendMouse({ type: 'up' });
      await until(() => element.muted, 'it is released');
      element.remove();
    }
  });

  it('is muted again when the pointer is released after foreign code has removed the held button', async () => {
    const element = await talker();
    const button = find(element, '.hold');
    button.setPointerCapture = () => undefined;
    button.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true, composed: true }));
    button.remove();
    expect(element.muted).to.equal(false);
    document.body.dispatchEvent(new PointerEvent('pointerup', { bubbles: true }));
    expect(element.muted).to.equal(true);
  });

  it('listens while the button is held, also when the pointer leaves it', async () => {
    const element = await talker();
    const changes: boolean[] = [];
    element.addEventListener('mute-change', ({ detail }) => changes.push(detail.muted));
    await sendMouse({ type: 'move', position: centreOf(find(element, '.hold')) });
    await sendMouse({ type: 'down' });
    await element.updateComplete;
    expect(element.script.muted).to.equal(false);
    await sendMouse({ type: 'move', position: [2, 2] });
    await hold();
    expect(element.muted, 'held on').to.equal(false);
    await sendMouse({ type: 'up' });
    await until(() => element.script.muted, 'it is muted again');
    expect(changes).to.deep.equal([false, true]);
  });

  it('when removed, restores the previous state of the microphone', async () => {
    for (const muted of [false, true]) {
      const element = await mount(muted ? { muted } : {});
      for (const pushToTalk of [true, false]) {
        element.pushToTalk = pushToTalk;
        await element.updateComplete;
        expect(element.muted).to.equal(pushToTalk || muted);
        expect(element.script.muted).to.equal(pushToTalk || muted);
      }
      element.remove();
    }
  });

  it('works in the layout button, too', async () => {
    const element = await talker('button');
    const button = find(element, '.hold');
    expect(button.getBoundingClientRect().width).to.be.at.least(32);
    expect(await violations(element)).to.deep.equal([]);
    button.focus();
    await sendKeys({ down: 'Space' });
    await element.updateComplete;
    expect(element.muted).to.equal(false);
    expect(find(element, '.hold'), 'it stays under the finger').to.equal(button);
    await hold();
    await sendKeys({ up: 'Space' });
    expect(element.muted).to.equal(true);
  });

  it('works with separate controls, which close the microphone when they are removed', async () => {
    const element = await talker('headless');
    const controls = document.createElement('voice-agent-controls');
    element.append(controls);
    await controls.updateComplete;
    const button = find(controls, '.hold');
    button.setPointerCapture = () => undefined;
    const point = (type: string): boolean =>
      button.dispatchEvent(new PointerEvent(type, { bubbles: true, composed: true }));
    point('pointerdown');
    point('lostpointercapture');
    expect(element.muted, 'a tap keeps it open').to.equal(false);
    point('pointerdown');
    point('lostpointercapture');
    expect(element.muted, 'until the next').to.equal(true);
    for (const letGo of [() => window.dispatchEvent(new Event('blur')), () => controls.remove()]) {
      point('pointerdown');
      expect(element.muted).to.equal(false);
      await hold();
      letGo();
      expect(element.muted).to.equal(true);
    }
  });

  it('a tap keeps the microphone open until the next tap', async () => {
    const element = await talker();
    const button = find(element, '.hold');
    const tap = (): void => {
      // Simulated pointers are slow on a busy machine. Two events in one task are always a tap.
      button.setPointerCapture = () => undefined;
      button.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true, composed: true }));
      button.dispatchEvent(new PointerEvent('lostpointercapture', { bubbles: true, composed: true }));
      button.dispatchEvent(new MouseEvent('click', { bubbles: true, composed: true, detail: 1 }));
    };
    tap();
    expect(element.muted).to.equal(false);
    tap();
    expect(element.muted).to.equal(true);
  });

  it('other mouse buttons do nothing', async () => {
    const element = await talker();
    await sendMouse({ type: 'move', position: centreOf(find(element, '.hold')) });
    await sendMouse({ type: 'down', button: 'right' });
    expect(element.muted).to.equal(true);
    await sendMouse({ type: 'up', button: 'right' });
    expect(element.muted).to.equal(true);
  });

  it('listens while Space is held, with the focus on the button or anywhere inside', async () => {
    const element = await talker();
    for (const focus of [find(element, '.hold'), element]) {
      element.tabIndex = -1;
      focus.focus();
      await sendKeys({ down: 'Space' });
      await sendKeys({ down: 'Space' });
      expect(element.muted).to.equal(false);
      await hold();
      await sendKeys({ up: 'Space' });
      expect(element.muted, 'and it was no click').to.equal(true);
    }
    expect(element.script.requests, 'the call goes on').to.deep.equal([]);
  });

  it('listens while Space is held on the button of separate controls, inside and outside the tag', async () => {
    const element = await talker('headless');
    element.id = 'talker';
    for (const place of [element, document.body]) {
      const controls = document.createElement('voice-agent-controls');
      if (place !== element) controls.setAttribute('for', element.id);
      place.append(controls);
      await controls.updateComplete;
      find(controls, '.hold').focus();
      await sendKeys({ down: 'Space' });
      await sendKeys({ down: 'Space' });
      expect(element.muted, place.localName).to.equal(false);
      await hold();
      await sendKeys({ up: 'Space' });
      expect(element.muted, `${place.localName}, and it was no click`).to.equal(true);
      controls.remove();
    }
  });

  it('ignores Space after the call: the visitor may still be typing, and the next call would be open', async () => {
    const element = await talker('headless');
    const controls = document.createElement('voice-agent-controls');
    element.append(controls);
    await controls.updateComplete;
    const typist = await talker();
    for (const [host, control, agent] of [
      [typist, 'input', typist],
      [controls, '.hold', element],
    ] as const) {
      find(host, control).focus();
      await act(agent, (script) => script.enter('ended'));
      await host.updateComplete;
      expect(find(host, '.rest').matches(':focus'), host.localName).to.equal(true);
      await sendKeys({ press: 'Space' });
      expect(agent.muted, host.localName).to.equal(true);
    }
  });

  it('does not handle Space in other controls', async () => {
    const element = await talker();
    const field = find(element, 'input') as HTMLInputElement;
    field.focus();
    await sendKeys({ press: 'Space' });
    expect(field.value).to.equal(' ');
    expect(element.muted).to.equal(true);
    find(element, '.call').focus();
    await sendKeys({ press: 'Space' });
    expect(element.script.requests).to.deep.equal(['stop:stopped']);
    expect(element.muted).to.equal(true);
    await mount();
    const usual = await mount();
    usual.focus();
    await sendKeys({ press: 'Space' });
    expect(usual.muted, 'without push-to-talk').to.equal(false);
  });

  it('leaves Space to the controls of the page', async () => {
    const element = await talker();
    element.insertAdjacentHTML(
      'beforeend',
      '<details slot="footer"><summary>Legal</summary></details><b slot="footer" role="button" tabindex="0">Help</b>',
    );
    const [details, help] = [element.querySelector('details')!, element.querySelector('b')!];
    for (const control of [details.querySelector('summary')!, help]) {
      control.focus();
      await sendKeys({ press: 'Space' });
      expect(element.muted).to.equal(true);
    }
    expect(details.open).to.equal(true);
  });

  it('closes the microphone when the focus leaves while Space is held', async () => {
    const element = await talker();
    const outside = document.createElement('input');
    document.body.append(outside);
    for (const target of [find(element, 'input'), outside]) {
      find(element, '.hold').focus();
      await sendKeys({ down: 'Space' });
      expect(element.muted).to.equal(false);
      await hold();
      target.focus();
      await sendKeys({ up: 'Space' });
      expect(element.muted).to.equal(true);
    }
  });

  it('closes the microphone when the window loses the focus or the element is removed', async () => {
    const element = await talker();
    const held = async (): Promise<void> => {
      find(element, '.hold').focus();
      await sendKeys({ down: 'Space' });
      expect(element.muted).to.equal(false);
      await hold();
    };
    await held();
    window.dispatchEvent(new Event('blur'));
    expect(element.muted).to.equal(true);
    await sendKeys({ up: 'Space' });
    expect(element.muted, 'the key that comes up late is no tap').to.equal(true);
    await held();
    element.remove();
    expect(element.muted).to.equal(true);
    await sendKeys({ up: 'Space' });
  });

  it('a hold that something else ends is no tap', async () => {
    const element = await talker();
    const endings: (() => unknown)[] = [
      () => window.dispatchEvent(new Event('blur')),
      () => document.body.append(element),
      () => element.setAttribute('layout', 'bar'),
    ];
    for (const end of endings) {
      const button = find(element, '.hold');
      button.setPointerCapture = () => undefined;
      button.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true, composed: true }));
      expect(element.muted).to.equal(false);
      end();
      await element.updateComplete;
      expect(element.muted, String(end)).to.equal(true);
    }
  });

  it('leaves Space with Ctrl, Alt or Meta to the system, which may open a menu or change the keyboard', async () => {
    const element = await talker();
    element.tabIndex = -1;
    element.focus();
    for (const key of ['Control', 'Alt', 'Meta']) {
      await sendKeys({ down: key });
      await sendKeys({ press: 'Space' });
      await sendKeys({ up: key });
      expect(element.muted, key).to.equal(true);
    }
  });

  it('is toggled by Enter and by clicks of assistive technology', async () => {
    const element = await talker();
    find(element, '.hold').focus();
    await sendKeys({ press: 'Enter' });
    expect(element.muted).to.equal(false);
    find(element, '.hold').click();
    expect(element.muted).to.equal(true);
  });
});
