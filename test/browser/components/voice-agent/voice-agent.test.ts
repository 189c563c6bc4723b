import { expect } from 'chai';
import { VoiceAgentElement } from '../../../../components/voice-agent/voice-agent.js';
import { ScriptedElement } from '../support/scripted-agent.js';
import { act, clearPage, find, mount } from '../support/mount.js';

/** A removed element ends its call unless it is inserted again within this time. */
function ended(element: Element): Promise<unknown> {
  return new Promise((resolve) => element.addEventListener('session-end', resolve, { once: true }));
}

function upgraded(element: HTMLElement): ScriptedElement {
  if (!(element instanceof ScriptedElement)) throw new Error('It was not upgraded.');
  return element;
}

describe('VoiceAgentElement as an HTML element', () => {
  afterEach(clearPage);

  it('registers nothing until define.js is imported, which may happen twice', async () => {
    expect(customElements.get('voice-agent')).to.equal(undefined);
    await import('../../../../components/voice-agent/define.js');
    expect(customElements.get('voice-agent')).to.equal(VoiceAgentElement);
    await import('../../../../components/voice-agent/define.js' + '?again');
    expect(customElements.get('voice-agent')).to.equal(VoiceAgentElement);
    const element = document.createElement('voice-agent');
    expect(element.getAttributeNames(), 'a constructor may not add attributes').to.deep.equal([]);
    expect(element.state).to.equal('idle');
  });

  it('passes every attribute on to the call as an option', async () => {
    const element = await mount({
      'server-url': 'wss://example.test/ws',
      'token-url': '/token',
      token: 'abc',
      'agent-id': 'a1',
      'system-prompt': 'Be brief.',
      greeting: 'Hello',
      voice: 'alba',
      'input-encoding': 'audio/pcmu',
      'output-encoding': 'audio/pcma',
      muted: true,
      volume: '0.25',
    });
    const { script } = element;
    expect(script).to.deep.include({
      serverUrl: 'wss://example.test/ws',
      tokenUrl: '/token',
      token: 'abc',
      agentId: 'a1',
      systemPrompt: 'Be brief.',
      greeting: 'Hello',
      voice: 'alba',
      inputEncoding: 'audio/pcmu',
      outputEncoding: 'audio/pcma',
      muted: true,
      volume: 0.25,
    });
  });

  it('an empty attribute of a number counts as missing: it is no limit of 0, which means none', async () => {
    const element = await mount({ 'max-duration': '', 'idle-timeout': '', volume: '' });
    const { maxDuration, idleTimeout, volume } = element.script;
    expect([maxDuration, idleTimeout, volume]).to.deep.equal([undefined, undefined, undefined]);
    element.setAttribute('max-duration', '0');
    await element.updateComplete;
    expect(element.script.maxDuration).to.equal(0);
  });

  it('a flag is off without its attribute and with the value "false", which Vue and Svelte write for one that is off', async () => {
    const element = await mount({
      muted: 'false',
      'push-to-talk': 'false',
      'text-input': 'true',
      debug: true,
    });
    const { muted, pushToTalk, textInput, debug, record } = element;
    expect([muted, pushToTalk, textInput, debug, record]).to.deep.equal([false, false, true, true, false]);
    for (const value of ['true', 'false']) {
      element.setAttribute('push-to-talk', value);
      await element.updateComplete;
      expect(element.script.muted, value).to.equal(value === 'true');
    }
  });

  it('uses an attribute that is set just before start()', async () => {
    const element = await mount();
    element.setAttribute('voice', 'lola');
    const started = element.start();
    expect(element.script.voice).to.equal('lola');
    await started;
    element.removeAttribute('voice');
    await element.updateComplete;
    expect(element.script.voice).to.equal(undefined);
  });

  it('keeps properties that were set before it was defined', async () => {
    const tag = 'late-voice-agent';
    const element: HTMLElement = document.createElement(tag);
    const getToken = (): Promise<string> => Promise.resolve('t');
    Object.assign(element, {
      getToken,
      sessionConfig: { input: { keyterms: ['a'] } },
      muted: true,
      volume: 0.5,
    });
    document.body.append(element);
    customElements.define(tag, class extends ScriptedElement {});
    await upgraded(element).updateComplete;
    const { script } = upgraded(element);
    expect(script.getToken).to.equal(getToken);
    expect(script.sessionConfig).to.deep.equal({ input: { keyterms: ['a'] } });
    expect(script.muted).to.equal(true);
    expect(script.volume).to.equal(0.5);
  });

  it('starts with properties that were set before it was defined, even the one that every HTML element has', async () => {
    const tag = 'early-voice-agent';
    const element: HTMLElement = document.createElement(tag);
    Object.assign(element, { systemPrompt: 'Be brief.', inputMode: 'text' });
    document.body.append(element);
    const used = customElements.whenDefined(tag).then(() => {
      const { script } = upgraded(element);
      void upgraded(element).start();
      return [script.systemPrompt, script.inputMode];
    });
    customElements.define(tag, class extends ScriptedElement {});
    expect(await used).to.deep.equal(['Be brief.', 'text']);
  });

  it('asks for consent at once if that was set before it was defined', async () => {
    const tag = 'early-consent-agent';
    const early: HTMLElement = document.createElement(tag);
    Object.assign(early, { requireConsent: true });
    customElements.define(tag, class extends ScriptedElement {});
    document.body.append(early);
    const element = upgraded(early);
    const started = element.start().catch((error: unknown) => error);
    expect(element.script.requests).to.deep.equal([]);
    await element.updateComplete;
    find(element, '.consent');
    await element.stop();
    expect(await started).to.have.property('code', 'stopped');
  });

  it('reflects the state before a handler of the page runs', async () => {
    const element = await mount();
    expect(element.hasAttribute('state'), 'a page that is hydrated must find its own markup').to.equal(false);
    const seen: (string | null)[] = [];
    element.addEventListener('state-change', () => seen.push(element.getAttribute('state')));
    element.script.enter('connecting', 'listening', 'thinking', 'speaking', 'reconnecting', 'ended');
    expect(seen).to.deep.equal(['connecting', 'listening', 'thinking', 'speaking', 'reconnecting', 'ended']);
    await act(element, (script) => script.hear(true));
    expect(element.hasAttribute('user-speaking')).to.equal(true);
    await act(element, (script) => script.hear(false));
    expect(element.hasAttribute('user-speaking')).to.equal(false);
  });

  it('writes no attributes except layout and theme, if a script has set them', async () => {
    const element = await mount();
    expect(element.getAttributeNames()).to.deep.equal([]);
    Object.assign(element, {
      muted: true,
      open: true,
      volume: 0.5,
      microphoneId: 'm',
      inputMode: 'text',
      maxDuration: 60,
      token: 'secret',
      texts: { start: 'Go' },
      visualizer: 'bars',
    });
    await element.updateComplete;
    expect(element.getAttributeNames()).to.deep.equal([]);
    Object.assign(element, { layout: 'bar', theme: 'dark' });
    await element.updateComplete;
    expect(element.matches('[layout=bar][theme=dark]')).to.equal(true);
  });

  it('dispatches one event when its card was opened or closed by anyone', async () => {
    const element = await mount({ layout: 'floating', open: true });
    const seen: boolean[] = [];
    element.addEventListener('open-change', ({ detail }) => seen.push(detail.open));
    find(element, '.launcher').click();
    await element.updateComplete;
    element.open = true;
    await element.updateComplete;
    element.open = false;
    await element.updateComplete;
    expect(seen).to.deep.equal([false, true, false]);
  });

  it('its events leave other shadow roots', async () => {
    const host = document.createElement('div');
    document.body.append(host);
    const element = await mount();
    host.attachShadow({ mode: 'open' }).append(element);
    let states = 0;
    document.body.addEventListener('state-change', () => states++, { once: true });
    element.script.enter('connecting');
    expect(states).to.equal(1);
  });

  it('keeps the call when it is moved, and ends it when it is removed', async () => {
    const element = await mount();
    const { script } = element;
    await element.start();
    const box = document.createElement('div');
    document.body.append(box);
    box.append(element);
    await element.updateComplete;
    document.body.prepend(element);
    await element.updateComplete;
    expect(script.requests).to.deep.equal(['start']);
    element.remove();
    await ended(element);
    expect(script.requests).to.deep.equal(['start', 'stop:removed']);
    document.body.append(element);
    expect(element.getAttribute('state')).to.equal('ended');
  });

  it('is muted while it is out of the page, and restores the visitor’s choice afterwards', async () => {
    const element = await mount();
    await act(element, (script) => script.enter('connecting', 'listening'));
    const muteChanges: unknown[] = [];
    element.addEventListener('mute-change', ({ detail }) => muteChanges.push(detail));
    element.remove();
    expect(element.script.muted, 'at once').to.equal(true);
    element.script.enter('thinking', 'listening');
    await element.updateComplete;
    expect(element.script.muted, 'drawn again').to.equal(true);
    element.prepare();
    expect(element.script.muted, 'options passed on').to.equal(true);
    document.body.append(element);
    await element.updateComplete;
    expect(element.script.muted).to.equal(false);
    element.muted = true;
    await element.updateComplete;
    element.remove();
    document.body.append(element);
    await element.updateComplete;
    expect(element.script.muted, 'the visitor’s choice').to.equal(true);
    expect(muteChanges).to.deep.equal([{ muted: true }]);
    expect(element.script.requests).to.deep.equal([]);
  });

  it('moveBefore() interrupts neither the call nor the focus nor the visualizer', async function () {
    if (!('moveBefore' in document.body)) this.skip();
    const element = await mount();
    const elsewhere = document.createElement('main');
    document.body.append(elsewhere);
    await act(element, (script) => script.enter('connecting', 'listening'));
    const canvas = find(element, 'canvas');
    find(element, '.call').focus();
    let connections = 0;
    document.addEventListener('context-provider', () => connections++, { once: true });
    (elsewhere as unknown as { moveBefore(node: Node, before: null): void }).moveBefore(element, null);
    await element.updateComplete;
    expect(element.parentElement).to.equal(elsewhere);
    expect(connections).to.equal(0);
    expect(element.script.requests).to.deep.equal([]);
    expect(find(element, 'canvas')).to.equal(canvas);
    expect(element.shadowRoot?.activeElement).to.equal(find(element, '.call'));
    element.remove();
    await ended(element);
    expect(element.script.requests).to.deep.equal(['stop:removed']);
  });

  it('accepts changed attributes during a call without disturbing it, and passes them on', async () => {
    const element = await mount();
    await act(element, (script) => script.enter('connecting', 'listening'));
    const changes = {
      'agent-id': ['agentId', 'another'],
      voice: ['voice', 'lola'],
      'max-duration': ['maxDuration', 60],
      'idle-timeout': ['idleTimeout', 0],
      volume: ['volume', 0.5],
      muted: ['muted', ''],
      'microphone-id': ['microphoneId', 'usb'],
      'input-mode': ['inputMode', 'text'],
      'tool-timing': ['toolTiming', 'immediate'],
    } as const;
    for (const [attribute, [property, value]] of Object.entries(changes)) {
      element.setAttribute(attribute, String(value));
      await element.updateComplete;
      expect(element.script[property], attribute).to.equal(value === '' ? true : value);
      expect(element.state, attribute).to.equal('listening');
    }
    expect(element.script.requests).to.deep.equal([]);
  });

  it('does not take an element of the page with the id "Zone" for zone.js', async () => {
    const namesake = document.createElement('p');
    namesake.id = 'Zone';
    document.body.append(namesake);
    expect((globalThis as { Zone?: unknown }).Zone).to.equal(namesake);
    const element = await mount();
    void element.start();
    expect(element.script.requests).to.include('start');
  });

  it('does nothing when it is removed without a call', async () => {
    const element = await mount();
    element.remove();
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(element.script.requests).to.deep.equal([]);
  });

  it('dispatches one event when it was muted or unmuted by anyone', async () => {
    const element = await mount({ muted: true });
    const seen: boolean[] = [];
    element.addEventListener('mute-change', ({ detail }) => seen.push(detail.muted));
    element.muted = false;
    await element.updateComplete;
    find(element, '.mute').click();
    await element.updateComplete;
    element.muted = false;
    await element.updateComplete;
    expect(seen).to.deep.equal([false, true, false]);
  });

  it('tells what the visitor changes, also if a framework has written undefined for false', async () => {
    const element = await mount({ layout: 'floating' });
    Object.assign(element, { open: undefined, muted: undefined });
    await element.updateComplete;
    const told: unknown[] = [];
    element.addEventListener('open-change', ({ detail }) => told.push(detail));
    element.addEventListener('mute-change', ({ detail }) => told.push(detail));
    find(element, '.launcher').click();
    await act(element, (script) => script.enter('connecting', 'listening'));
    find(element, '.mute').click();
    await element.updateComplete;
    Object.assign(element, { open: undefined, muted: undefined });
    await element.updateComplete;
    expect(told).to.deep.equal([{ open: true }, { muted: true }, { muted: false }, { open: false }]);
  });

  it('is muted again before anybody is heard, if a handler of the page says so', async () => {
    const element = await mount({ muted: true });
    await act(element, (script) => script.enter('connecting', 'listening'));
    const seen: boolean[] = [];
    element.addEventListener('mute-change', ({ detail }) => {
      seen.push(detail.muted);
      if (!detail.muted) element.muted = true;
    });
    find(element, '.mute').click();
    await element.updateComplete;
    await element.updateComplete;
    expect(element.script.muted).to.equal(true);
    expect(seen).to.deep.equal([false, true]);
  });

  it('a copy of it in a call, such as a page in Turbo’s cache, does not claim to be in one', async () => {
    const element = await mount();
    await act(element, (script) => {
      script.enter('connecting', 'listening');
      script.hear(true);
    });
    const copy = element.cloneNode(true) as HTMLElement & Pick<typeof element, 'updateComplete'>;
    document.body.append(copy);
    await copy.updateComplete;
    expect(copy.matches('[state=listening], [user-speaking]')).to.equal(false);
  });

  it('passes start, stop, interrupt and text on to the call', async () => {
    const element = await mount();
    await element.start();
    element.interrupt();
    element.say('Hello');
    await element.stop();
    expect(element.script.requests).to.deep.equal(['start', 'interrupt', 'say:Hello', 'stop:stopped']);
  });

  it('has no inline styles, which a strict content security policy would block', async () => {
    const element = await mount();
    const root = element.shadowRoot as ShadowRoot;
    expect(root.adoptedStyleSheets.length).to.be.greaterThan(0);
    expect(root.querySelectorAll('style, [style]').length).to.equal(0);
  });
});
