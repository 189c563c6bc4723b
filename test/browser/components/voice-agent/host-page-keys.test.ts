/** Pages with their own shortcuts, input methods, password managers. */
import { expect } from 'chai';
import { sendKeys } from '@web/test-runner-commands';
import { act, clearPage, find, mount, until } from '../support/mount.js';
import { SCENES } from '../support/scenes.js';
import type { ScriptedElement } from '../support/scripted-agent.js';

describe('VoiceAgentElement on a page with shortcuts', () => {
  let heard: string[] = [];
  const hear = ({ type, key }: KeyboardEvent): unknown => heard.push(`${type} ${key}`);
  const types = ['keydown', 'keypress', 'keyup'] as const;
  beforeEach(() => {
    heard = [];
    for (const type of types) document.addEventListener(type, hear);
  });
  afterEach(() => {
    for (const type of types) document.removeEventListener(type, hear);
    clearPage();
  });

  async function inCall(attributes: Readonly<Record<string, string>> = {}): Promise<ScriptedElement> {
    const element = await mount({ 'text-input': '', ...attributes });
    await act(element, SCENES['listening']!);
    return element;
  }

  it('does not pass typed text on', async () => {
    const element = await inCall();
    const field = find(element, 'input') as HTMLInputElement;
    field.focus();
    await sendKeys({ type: 'm/s ?' });
    for (const key of ['ArrowLeft', 'Backspace', 'Enter']) await sendKeys({ press: key });
    expect(heard).to.deep.equal([]);
    expect(element.script.requests).to.deep.equal(['say:m/s?']);
  });

  it('passes commands, Escape and Tab on to the page', async () => {
    const element = await inCall();
    find(element, 'input').focus();
    for (const key of ['Escape', 'F2']) await sendKeys({ press: key });
    await sendKeys({ press: 'Control+k' });
    await sendKeys({ press: 'Tab' });
    expect(heard.filter((each) => each.startsWith('keydown'))).to.deep.equal([
      'keydown Escape',
      'keydown F2',
      'keydown Control',
      'keydown k',
      'keydown Tab',
    ]);
  });

  it('does not pass on M, Space while it talks, and keys that press its buttons', async () => {
    const element = await inCall({ 'push-to-talk': '' });
    find(element, '.rest').focus();
    await sendKeys({ press: 'm' });
    await sendKeys({ down: 'Space' });
    expect(element.muted).to.equal(false);
    await sendKeys({ up: 'Space' });
    find(element, '.call').focus();
    await sendKeys({ press: 'Enter' });
    await until(() => element.script.requests.length > 0, 'it is pressed');
    expect(heard).to.deep.equal([]);
  });

  it('does not pass on the Escape that closes its card, but every other one', async () => {
    const element = await inCall({ layout: 'floating', open: '' });
    find(element, '.call').focus();
    await sendKeys({ press: 'Escape' });
    expect(element.open).to.equal(false);
    expect(heard.filter((each) => each.startsWith('keydown'))).to.deep.equal([]);
    await element.updateComplete;
    find(element, '.launcher').focus();
    await sendKeys({ press: 'Escape' });
    expect(heard.filter((each) => each.startsWith('keydown'))).to.deep.equal(['keydown Escape']);
  });

  it('passes keys in slotted content on to the page', async () => {
    const element = await inCall();
    element.innerHTML = '<input slot="header" />';
    element.querySelector('input')!.focus();
    await sendKeys({ press: 'a' });
    expect(heard).to.deep.equal(['keydown a', 'keypress a', 'keyup a']);
  });
});

describe('VoiceAgentElement and keys of input methods', () => {
  afterEach(clearPage);

  const key = (init: KeyboardEventInit): KeyboardEvent =>
    new KeyboardEvent('keydown', { bubbles: true, composed: true, cancelable: true, ...init });

  it('ignores Escape and M while an input method composes', async () => {
    for (const midway of [{ isComposing: true }, { keyCode: 229 }]) {
      const element = await mount({ layout: 'floating', open: '', 'text-input': '' });
      await act(element, SCENES['listening']!);
      find(element, 'input').dispatchEvent(key({ key: 'Escape', ...midway }));
      find(element, '.rest').dispatchEvent(key({ key: 'm', ...midway }));
      expect([element.open, element.muted]).to.deep.equal([true, false]);
      const asking = await mount({ 'require-consent': '' });
      void asking.start().catch(() => undefined);
      await asking.updateComplete;
      find(asking, '.agree').dispatchEvent(key({ key: 'Escape', ...midway }));
      await asking.updateComplete;
      find(asking, '.agree');
      await asking.stop();
    }
  });

  it('ignores a keydown event without a key', async () => {
    const element = await mount({ 'text-input': '', 'push-to-talk': '' });
    const problems: unknown[] = [];
    const hear = (event: ErrorEvent): void => {
      problems.push(event.message);
      event.preventDefault();
    };
    addEventListener('error', hear);
    for (const target of [find(element, 'input'), find(element, '.call')])
      for (const type of ['keydown', 'keyup'])
        target.dispatchEvent(new Event(type, { bubbles: true, composed: true }));
    removeEventListener('error', hear);
    expect(problems).to.deep.equal([]);
  });
});
