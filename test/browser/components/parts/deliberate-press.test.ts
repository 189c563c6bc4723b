import { expect } from 'chai';
import { sendKeys } from '@web/test-runner-commands';
import '../../../../components/voice-agent-recorder/define.js';
import { act, clearPage, find, mount } from '../support/mount.js';
import { addPart } from '../support/parts.js';
import { SCENES } from '../support/scenes.js';

/** A held key, which the keyboard repeats. */
async function hold(key: string, repetitions: number): Promise<void> {
  for (let count = 0; count <= repetitions; count++) await sendKeys({ down: key });
  await sendKeys({ up: key });
}

/** A double tap as iOS reports it: two single clicks. */
function tapTwice(button: HTMLElement): void {
  for (let count = 0; count < 2; count++)
    button.dispatchEvent(
      new MouseEvent('click', { detail: 1, bubbles: true, composed: true, cancelable: true }),
    );
}

describe('One deliberate press is one action', () => {
  afterEach(clearPage);

  it('for a key that is held, on every button', async () => {
    const element = await mount({ layout: 'floating', open: true, 'text-input': true });
    find(element, '.call').focus();
    await hold('Enter', 20);
    expect(element.script.requests).to.deep.equal(['start']);
    await act(element, SCENES['listening']!);
    const button = find(element, '.mute');
    button.focus();
    await hold('Enter', 9);
    await element.updateComplete;
    expect(element.script.muted).to.equal(true);
    find(element, '.launcher').focus();
    await hold('Enter', 9);
    expect(element.open).to.equal(false);
    const recorder = await addPart(await mount({ layout: 'headless' }), 'voice-agent-recorder');
    recorder.shadowRoot!.querySelector('button')!.focus();
    await hold('Enter', 9);
    expect(recorder.recording).to.equal(true);
  });

  it('for two taps that are reported as single ones', async () => {
    const element = await mount({ layout: 'floating' });
    tapTwice(find(element, '.launcher'));
    await element.updateComplete;
    expect(element.open).to.equal(true);
    tapTwice(find(element, '.call'));
    expect(element.script.requests).to.deep.equal(['start']);
    await act(element, SCENES['listening']!);
    tapTwice(find(element, '.mute'));
    await element.updateComplete;
    expect(element.script.muted).to.equal(true);
    const recorder = await addPart(element, 'voice-agent-recorder');
    tapTwice(recorder.shadowRoot!.querySelector('button')!);
    expect(recorder.recording).to.equal(true);
  });

  it('applies to content of the page in a button', async () => {
    for (const [layout, slot] of [
      ['button', 'start-label'],
      ['panel', 'icon'],
      ['floating', 'launcher'],
    ] as const) {
      const element = await mount({ layout });
      element.innerHTML = `<b slot="${slot}">Talk</b>`;
      tapTwice(element.querySelector('b')!);
      expect(element.open || element.script.requests, layout).to.deep.equal(slot === 'launcher' || ['start']);
    }
  });

  it('does not apply to slotted buttons of the page', async () => {
    const element = await mount();
    const own = document.createElement('button');
    own.slot = 'footer';
    element.append(own);
    let clicks = 0;
    own.addEventListener('click', () => clicks++);
    tapTwice(own);
    expect(clicks).to.equal(2);
  });
});
