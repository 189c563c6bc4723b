import { expect } from 'chai';
import { sendMouse } from '@web/test-runner-commands';
import '../../../../components/voice-agent-extras/define.js';
import type { VoiceAgentExtrasElement } from '../../../../components/voice-agent-extras/voice-agent-extras.js';
import { MODULES } from '../../../../components/locales/languages.js';
import { addExtrasLanguage } from '../../../../components/extras/extras-locale.js';
import { extrasMessages } from '../../../../components/extras/extras-messages.js';
import { contrastOf, inked, violations } from '../support/accessibility.js';
import { act, clearPage, find, findAll, mount, nextFrames, nextTask, until } from '../support/mount.js';
import { buttonOf, misfits } from '../support/parts.js';
import { SCENES } from '../support/scenes.js';
import type { ScriptedElement } from '../support/scripted-agent.js';

const ALL = { devices: true, record: true, 'save-transcript': true, debug: true } as const;

async function extrasOf(agent: ScriptedElement): Promise<VoiceAgentExtrasElement> {
  const extras = agent.shadowRoot!.querySelector('voice-agent-extras')!;
  await extras.updateComplete;
  return extras;
}

async function open(extras: VoiceAgentExtrasElement, name: string): Promise<HTMLElement> {
  const button = buttonOf(extras, name);
  button.focus();
  button.click();
  await extras.updateComplete;
  return find(extras, '.sheet:not([hidden])');
}

const names = (extras: HTMLElement): (string | null)[] =>
  findAll(extras, '.disclose').map((button) => button.getAttribute('aria-label'));

describe('VoiceAgentExtrasElement', () => {
  afterEach(clearPage);

  it('exists only if a feature is requested, in every layout', async () => {
    const without = await mount();
    expect(findAll(without, 'voice-agent-extras').length).to.equal(0);
    for (const layout of ['panel', 'bar', 'button', 'floating', 'headless']) {
      const agent = await mount({ layout, open: true, debug: true });
      expect(names(await extrasOf(agent)), layout).to.deep.equal(['Connection quality']);
      agent.remove();
    }
  });

  it('follows the attributes and properties of its agent at any time', async () => {
    const agent = await mount({ devices: true });
    const extras = await extrasOf(agent);
    expect(names(extras)).to.deep.equal(['Audio devices']);
    agent.record = true;
    agent.setAttribute('save-transcript', '');
    await until(() => names(extras).length === 3, 'two more are there');
    agent.devices = false;
    await until(() => names(extras).length === 2, 'one is gone');
    expect(names(extras)).to.deep.equal(['Record conversation', 'Save transcript']);
  });

  it('shows a recording until the visitor has discarded it, even if a page removes the feature', async () => {
    const agent = await mount({ record: true });
    const ports: MessagePort[] = [];
    Object.assign(agent, { tapAudio: (port: MessagePort) => (ports.push(port), () => undefined) });
    const extras = await extrasOf(agent);
    await act(agent, (script) => script.enter('connecting', 'listening'));
    const recorder = extras.shadowRoot!.querySelector('voice-agent-recorder')!;
    recorder.start();
    agent.removeAttribute('record');
    await agent.updateComplete;
    await extras.updateComplete;
    expect(names(extras)).to.deep.equal(['Recording']);
    expect(find(extras, '.disclose').checkVisibility()).to.equal(true);
    const [microphone, speaker] = [new Float32Array(4096), new Float32Array(4096)];
    ports[0]!.postMessage({ rateHz: 48_000, microphone, speaker });
    await until(() => recorder.seconds > 0, 'the sound is there');
    await agent.stop();
    await extras.updateComplete;
    expect(extras.shadowRoot!.querySelector('voice-agent-recorder')).to.equal(recorder);
    expect(recorder.file).to.not.equal(undefined);
    recorder.discard();
    agent.toggleAttribute('debug', true);
    await until(() => names(extras).join() === 'Connection quality', 'it is gone');
  });

  it('shows nothing for features without a UI', async () => {
    const agent = await mount({ sounds: true, 'remember-devices': true });
    const extras = await extrasOf(agent);
    expect(extras.offsetHeight).to.equal(0);
    expect(findAll(extras, 'voice-agent-sounds').length).to.equal(1);
  });

  it('opens one sheet at a time; Escape closes it, gives the focus back, and leaves the card open', async () => {
    const agent = await mount({ ...ALL, layout: 'floating', open: true });
    const extras = await extrasOf(agent);
    await open(extras, 'Connection quality');
    const sheet = await open(extras, 'Save transcript');
    expect(findAll(extras, '.sheet:not([hidden])').length).to.equal(1);
    expect(buttonOf(extras, 'Save transcript').getAttribute('aria-expanded')).to.equal('true');
    const inside = sheet.querySelector('voice-agent-export')!.shadowRoot!.querySelector('button')!;
    inside.focus();
    const escape = (): boolean =>
      extras.shadowRoot!.activeElement!.dispatchEvent(
        new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, composed: true, cancelable: true }),
      );
    escape();
    await extras.updateComplete;
    expect(findAll(extras, '.sheet:not([hidden])').length).to.equal(0);
    expect(extras.shadowRoot!.activeElement).to.equal(buttonOf(extras, 'Save transcript'));
    expect(agent.open).to.equal(true);
    escape();
    expect(agent.open).to.equal(false);
  });

  it('over a card, closes when the focus or the pointer goes elsewhere, without moving anything', async () => {
    const agent = await mount({ ...ALL });
    const extras = await extrasOf(agent);
    const before = find(agent, '.call').getBoundingClientRect().top;
    await open(extras, 'Connection quality');
    expect(find(agent, '.call').getBoundingClientRect().top).to.equal(before);
    find(agent, '.call').focus();
    await extras.updateComplete;
    expect(findAll(extras, '.sheet:not([hidden])').length).to.equal(0);
    await open(extras, 'Connection quality');
    document.body.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true, composed: true }));
    await extras.updateComplete;
    expect(findAll(extras, '.sheet:not([hidden])').length).to.equal(0);
  });

  it('shows and announces a recording, whichever sheet is open', async () => {
    const agent = await mount({ ...ALL });
    const extras = await extrasOf(agent);
    await act(agent, SCENES['speaking']!);
    find(extras, 'voice-agent-recorder').shadowRoot!.querySelector('button')!.click();
    await extras.updateComplete;
    expect(names(extras)).to.include('Recording');
    expect(find(extras, '.on').textContent.trim()).to.equal('Recording');
    expect(find(extras, '.vh[role=status]').textContent.trim()).to.equal('Recording');
  });

  it('announces a recording once, when it has started', async () => {
    const agent = await mount({ ...ALL });
    const extras = await extrasOf(agent);
    const said = (): string => find(extras, '.vh[role=status]').textContent.trim();
    const sheet = await open(extras, 'Record conversation');
    buttonOf(sheet.firstElementChild as HTMLElement, 'Record conversation').click();
    await extras.updateComplete;
    expect(names(extras)).to.include('Recording starts with the conversation.');
    await act(agent, SCENES['speaking']!);
    await extras.updateComplete;
    expect(names(extras)).to.include('Recording');
    expect(said(), 'the open sheet says it').to.equal('');
    await open(extras, 'Connection quality');
    expect(said(), 'it was said').to.equal('');
    await act(agent, (script) => script.enter('ended'));
    await extras.updateComplete;
    await act(agent, (script) => script.enter('connecting', 'listening'));
    await until(() => said() === 'Recording', 'the next call is told of');
  });

  it('continues a recording when the layout changes', async () => {
    const agent = await mount({ record: true });
    const extras = await extrasOf(agent);
    const recorder = extras.shadowRoot!.querySelector('voice-agent-recorder')!;
    recorder.start();
    for (const layout of ['floating', 'bar', 'button', 'headless', 'panel']) {
      agent.setAttribute('layout', layout);
      await agent.updateComplete;
      await nextFrames();
      expect(find(await extrasOf(agent), 'voice-agent-recorder'), layout).to.equal(recorder);
      expect(recorder.recording, layout).to.equal(true);
    }
  });

  it('opens sheets above the row in a card, and below it elsewhere', async () => {
    for (const [layout, isAbove] of [
      ['panel', true],
      ['bar', false],
    ] as const) {
      const agent = await mount({ ...ALL, layout });
      const extras = await extrasOf(agent);
      const sheet = await open(extras, 'Connection quality');
      const bar = find(extras, '.bar');
      expect(sheet.getBoundingClientRect().top < bar.getBoundingClientRect().top, layout).to.equal(isAbove);
      const isBefore = sheet.compareDocumentPosition(bar) === Node.DOCUMENT_POSITION_FOLLOWING;
      expect(isBefore, layout).to.equal(isAbove);
      agent.remove();
    }
  });

  it('every control of a sheet can be reached in a low card', async () => {
    for (const height of ['34em', '24em', '16em']) {
      const agent = await mount({ ...ALL });
      agent.style.setProperty('--voice-agent-height', height);
      const extras = await extrasOf(agent);
      const sheet = await open(extras, 'Audio devices');
      await until(() => sheet.scrollHeight > 200, 'the devices are listed');
      await nextFrames();
      const panel = find(agent, '.panel');
      panel.scrollTop = 0;
      expect(sheet.getBoundingClientRect().top, height).to.be.at.least(panel.getBoundingClientRect().top);
      expect(sheet.clientHeight, height).to.be.at.least(60);
      agent.remove();
    }
  });

  it('an open sheet stays inside its card when the window changes', async () => {
    const agent = await mount({ ...ALL });
    const sheet = await open(await extrasOf(agent), 'Audio devices');
    await until(() => sheet.scrollHeight > 200, 'the devices are listed');
    agent.style.setProperty('--voice-agent-height', '16em');
    window.dispatchEvent(new Event('resize'));
    await nextFrames();
    const panel = find(agent, '.panel');
    panel.scrollTop = 0;
    expect(sheet.getBoundingClientRect().top).to.be.at.least(panel.getBoundingClientRect().top);
  });

  it('restores the devices of an earlier visit without showing a choice', async () => {
    localStorage.setItem('voice-agent-devices', '{"microphoneId":"m1"}');
    const agent = await mount({ 'remember-devices': true });
    await until(() => agent.microphoneId === 'm1', 'it is found');
    expect((await extrasOf(agent)).offsetHeight).to.equal(0);
    agent.rememberDevices = false;
    await until(() => localStorage.getItem('voice-agent-devices') === null, 'it is forgotten');
  });

  it('has the same attributes when used elsewhere on the page', async () => {
    const agent = await mount({ id: 'there' });
    const extras = document.createElement('voice-agent-extras');
    extras.setAttribute('for', agent.id);
    extras.setAttribute('save-transcript', '');
    extras.setAttribute('record', 'false');
    document.body.append(extras);
    await act(agent, SCENES['ended']!);
    await extras.updateComplete;
    expect(names(extras)).to.deep.equal(['Save transcript']);
    const part = find(extras, 'voice-agent-export');
    expect(part.shadowRoot!.textContent).not.to.contain('Nothing has been said');
  });

  for (const theme of ['light', 'dark'])
    it(`axe finds nothing in any sheet, and every text is readable, in the theme ${theme}`, async () => {
      const agent = await mount({ ...ALL, theme });
      const extras = await extrasOf(agent);
      await act(agent, SCENES['speaking']!);
      for (const name of names(extras)) {
        const sheet = await open(extras, name!);
        expect(await violations(agent), name!).to.deep.equal([]);
        const part = sheet.firstElementChild as HTMLElement;
        expect(misfits(part), name!).to.deep.equal([]);
        for (const ink of [...inked(part), ...inked(extras)]) {
          const least = ink.localName === 'button' && !ink.textContent.trim() ? 3 : 4.5;
          expect(contrastOf(ink), `${name}: "${ink.textContent.trim()}"`).to.be.at.least(least);
        }
      }
    });

  for (const theme of ['light', 'dark'])
    it(`a recording is readable, and its button under the pointer, too, in the theme ${theme}`, async () => {
      const agent = await mount({ ...ALL, theme });
      const extras = await extrasOf(agent);
      const sheet = await open(extras, 'Record conversation');
      const recorder = sheet.firstElementChild as HTMLElement;
      const button = buttonOf(recorder, 'Record conversation');
      const { left, top, width, height } = button.getBoundingClientRect();
      await sendMouse({ type: 'move', position: [1, 1] });
      await sendMouse({
        type: 'move',
        position: [Math.round(left + width / 2), Math.round(top + height / 2)],
      });
      expect(button.matches(':hover')).to.equal(true);
      inked(recorder);
      expect(contrastOf(button), 'under the pointer').to.be.at.least(4.5);
      await act(agent, SCENES['speaking']!);
      button.click();
      await extras.updateComplete;
      inked(extras);
      expect(contrastOf(find(extras, '.on span')), 'the sign').to.be.at.least(4.5);
      await sendMouse({ type: 'move', position: [1, 1] });
    });

  it('texts of the page are not replaced by built-in ones that arrive later', async () => {
    const agent = await mount({ debug: true, lang: 'nl' });
    const extras = await extrasOf(agent);
    addExtrasLanguage('nl', { ...extrasMessages, quality: 'Kwaliteit, zeg maar' });
    const { extras: builtIn } = await MODULES['nl']!();
    await nextTask();
    await extras.updateComplete;
    expect(names(extras)).to.deep.equal(['Kwaliteit, zeg maar']);
    addExtrasLanguage('nl', builtIn);
  });

  it('has all texts in every language', async () => {
    for (const [tag, load] of Object.entries(MODULES)) {
      const { extras } = await load();
      expect(Object.keys(extras), tag).to.deep.equal(Object.keys(extrasMessages));
      for (const [key, text] of Object.entries(extras)) {
        expect(text.trim(), `${tag}.${key}`).to.equal(text).and.not.equal('');
        expect(text.includes('{minutes}'), `${tag}.${key}`).to.equal(key === 'recordingFull');
      }
      expect(extras.saveRecording, tag).to.not.equal(extrasMessages.saveRecording);
    }
    const agent = await mount({ debug: true, lang: 'ja' });
    const extras = await extrasOf(agent);
    await until(() => names(extras)[0] === '接続品質', 'it is Japanese');
  });
});
