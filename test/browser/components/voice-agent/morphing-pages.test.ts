import { expect } from 'chai';
import { Idiomorph } from 'idiomorph';
import { act, clearPage, find, findAll, mount, until } from '../support/mount.js';
import type { ScriptedElement } from '../support/scripted-agent.js';
import { SCENES } from '../support/scenes.js';

/** Morphs the server's markup into the page, as Turbo 8, htmx and LiveView do. */
function morph(element: ScriptedElement, attributes: string): void {
  void Idiomorph.morph(element, `<${element.localName} ${attributes}></${element.localName}>`);
}

async function inCall(attributes: Readonly<Record<string, string | true>> = {}): Promise<ScriptedElement> {
  const element = await mount({ id: 'agent', ...attributes });
  await act(element, SCENES['listening']!);
  return element;
}

describe('A page whose framework morphs the server’s markup into it', () => {
  afterEach(clearPage);

  it('does not undo the visitor’s mute or close the card', async () => {
    const element = await inCall({ layout: 'floating' });
    find(element, '.launcher').click();
    find(element, '.mute').click();
    await element.updateComplete;
    morph(element, 'id="agent" layout="floating"');
    await element.updateComplete;
    expect(element.script.muted).to.equal(true);
    expect(element.muted).to.equal(true);
    expect(element.open).to.equal(true);
    expect(find(element, '.sheet').checkVisibility()).to.equal(true);
  });

  it('does not undo what the visitor chose instead of the page’s attribute', async () => {
    const element = await inCall({ layout: 'floating', muted: true, open: true, volume: '0.2' });
    find(element, '.mute').click();
    find(element, '.mute').click();
    find(element, '.close').click();
    await element.updateComplete;
    morph(element, 'id="agent" layout="floating"');
    morph(element, 'id="agent" layout="floating" open');
    await element.updateComplete;
    expect(element.script.muted, 'unmuted and muted again by the visitor').to.equal(true);
    expect(element.open, 'closed by the visitor').to.equal(false);
    expect(element.volume, 'no choice of his: the page’s word').to.equal(null);
  });

  it('can mute the microphone during a call, but only a script can unmute it', async () => {
    const element = await inCall();
    morph(element, 'id="agent" muted');
    await element.updateComplete;
    expect(element.script.muted).to.equal(true);
    for (const markup of ['muted="false"', '']) {
      morph(element, `id="agent" ${markup}`);
      await element.updateComplete;
      expect(element.script.muted, markup).to.equal(true);
    }
    element.muted = false;
    await element.updateComplete;
    expect(element.script.muted).to.equal(false);
  });

  it('does not open the microphone of push-to-talk, also if it removes push-to-talk', async () => {
    const element = await inCall({ 'push-to-talk': true });
    expect(element.script.muted).to.equal(true);
    morph(element, 'id="agent" push-to-talk muted');
    morph(element, 'id="agent" push-to-talk muted="false"');
    morph(element, 'id="agent" push-to-talk');
    await element.updateComplete;
    expect(element.script.muted).to.equal(true);
    morph(element, 'id="agent" push-to-talk="false"');
    await element.updateComplete;
    expect(element.script.muted).to.equal(true);
    morph(element, 'id="agent"');
    await element.updateComplete;
    expect(findAll(element, '.hold').length).to.equal(0);
    expect(element.script.muted).to.equal(true);
  });

  it('keeps the visitor’s devices and volume, and a call without a microphone', async () => {
    const element = await inCall({ devices: true, 'microphone-id': 'of-the-page' });
    const part = element.shadowRoot!.querySelector('voice-agent-extras')!;
    await until(() => !!part.shadowRoot?.querySelector('voice-agent-devices'), 'the devices are there');
    const devices = part.shadowRoot!.querySelector('voice-agent-devices')!;
    await devices.updateComplete;
    const slider = devices.shadowRoot!.querySelector<HTMLInputElement>('#volume')!;
    slider.value = '0.35';
    slider.dispatchEvent(new Event('input'));
    morph(element, 'id="agent" devices volume="1"');
    await element.updateComplete;
    expect(element.script.volume).to.equal(0.35);
  });

  it('cannot remove the attribute state, which style sheets use', async () => {
    const element = await inCall();
    morph(element, 'id="agent" class="new"');
    expect(element.getAttribute('state')).to.equal('listening');
    expect(element.hasAttribute('user-speaking')).to.equal(true);
    expect(element.className).to.equal('new');
  });

  it('cannot remove the custom states', async () => {
    const element = await inCall();
    const is = (state: string): boolean => element.matches(`:state(${state})`);
    expect([is('listening'), is('user-speaking'), is('muted'), is('open')]).to.deep.equal([
      true,
      true,
      false,
      false,
    ]);
    find(element, '.mute').click();
    await act(element, (script) => script.enter('speaking'));
    morph(element, 'id="agent"');
    expect([is('listening'), is('speaking'), is('muted')]).to.deep.equal([false, true, true]);
  });
});

describe('A page with a polyfill of custom elements', () => {
  afterEach(clearPage);

  it('may report the removal of an attribute that is not there', async () => {
    const element = await mount({ id: 'agent' });
    element.removeAttribute = function (this: ScriptedElement, name): void {
      const previous = this.getAttribute(name);
      Element.prototype.removeAttribute.call(this, name);
      this.attributeChangedCallback(name, previous, null);
    };
    await act(element, SCENES['listening']!);
    expect(element.getAttribute('state')).to.equal('listening');
    await act(element, (script) => script.hear(false));
    expect(element.hasAttribute('user-speaking')).to.equal(false);
  });
});
