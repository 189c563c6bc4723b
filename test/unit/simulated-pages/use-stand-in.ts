/** Unit tests of a page that use the stand-in of `voice-agent-element/testing`. */
import { beforeEach, describe, expect, expectTypeOf, it } from 'vitest';
import { findStandIn, type VoiceAgentStandIn } from '../../../testing/stand-in/index.js';
// As the page's own code does later: the stand-in stays registered.
import '../../../components/voice-agent/define.js';
import type { VoiceAgentElement } from '../../../components/voice-agent/voice-agent.js';
import type { VoiceAgentElementEventMap } from '../../../components/voice-agent/voice-agent.events.js';

type EventName = keyof VoiceAgentElementEventMap;

let agent: VoiceAgentStandIn;
let heard: string[];

/** Code of a page: shows the state and has a tool. */
async function showPage(attributes = 'token-url="/voice-token"'): Promise<void> {
  document.body.innerHTML = `<output></output><voice-agent ${attributes}></voice-agent>`;
  agent = findStandIn(document.body);
  heard = [];
  const names: EventName[] = [
    'state-change',
    'session-ready',
    'session-end',
    'agent-error',
    'transcript',
    'interruption',
    'reply-start',
    'reply-end',
    'speech-start',
    'speech-end',
  ];
  for (const name of names) agent.addEventListener(name, ({ type }) => heard.push(type));
  agent.addEventListener('state-change', ({ detail }) => {
    document.querySelector('output')!.textContent = detail.state;
  });
  agent.tools = [
    {
      name: 'add',
      description: 'Adds.',
      parameters: { type: 'object', properties: { a: { type: 'number' } }, required: ['a'] },
      handler: ({ a }) => ({ sum: Number(a) + 1 }),
    },
  ];
  await agent.updateComplete;
}

const shown = (): string => document.querySelector('output')!.textContent;
const inside = (selector: string): HTMLElement => agent.shadowRoot!.querySelector<HTMLElement>(selector)!;

export function testStandIn(where: string): void {
  describe(`the stand-in, in ${where}`, () => {
    beforeEach(() => showPage());

    it('starts when the page asks, and is ready when the test says so', async () => {
      inside('[part~=call-button]').click();
      expect(shown()).toBe('connecting');
      const started = agent.start();
      agent.becomes('listening');
      await started;
      expect(heard).toEqual(['state-change', 'session-ready', 'state-change']);
      expect(agent.requests.map(({ method }) => method)).toEqual(['start', 'start']);
    });

    it('shows what is said in the element’s own transcript', async () => {
      agent.becomes('listening');
      agent.hears('A tent', { final: false });
      expect(agent.userSpeaking).toBe(true);
      agent.hears('A tent, please.');
      expect(agent.state).toBe('thinking');
      agent.says('Which', { final: false });
      agent.says('Which one?');
      expect(agent.transcript.map(({ role, text, final }) => [role, text, final])).toEqual([
        ['user', 'A tent, please.', true],
        ['agent', 'Which one?', true],
      ]);
      expect(agent.state).toBe('speaking');
      agent.says('The Alpine?');
      agent.becomes('listening');
      expect(heard.filter((type) => type.startsWith('reply-'))).toEqual([
        'reply-start',
        'reply-end',
        'reply-start',
        'reply-end',
      ]);
      await agent.updateComplete;
      expect(inside('[part~=transcript]').textContent).toContain('A tent, please.');
      expect(inside('[part~=transcript]').textContent).toContain('The Alpine?');
    });

    it('takes the way of a real call to any state', () => {
      agent.becomes('reconnecting');
      agent.becomes('speaking');
      agent.ends('idle', 12);
      expect(shown()).toBe('ended');
      expect(heard).toEqual([
        'state-change',
        'session-ready',
        'state-change',
        'state-change',
        'session-ready',
        'state-change',
        'state-change',
        'session-end',
        'state-change',
      ]);
    });

    it('records what the page asks, and does what the element would', async () => {
      agent.becomes('listening');
      agent.says('A long list of');
      heard = [];
      agent.interrupt();
      expect(heard).toEqual(['transcript', 'interruption', 'reply-end', 'state-change']);
      agent.say('The short one.');
      agent.reply('Be brief.');
      agent.updateSession({ system_prompt: 'P' });
      await agent.stop();
      expect(agent.requests.slice(-5)).toEqual([
        { method: 'interrupt', args: [] },
        { method: 'say', args: ['The short one.'] },
        { method: 'reply', args: ['Be brief.'] },
        { method: 'updateSession', args: [{ system_prompt: 'P' }] },
        { method: 'stop', args: [] },
      ]);
      expect(agent.transcript.map(({ text, interrupted }) => [text, interrupted])).toEqual([
        ['A long list of', true],
        ['The short one.', false],
      ]);
      expect(agent.state).toBe('ended');
    });

    it('calls the page’s tools as the agent does, wrong arguments too', async () => {
      expect(await agent.calls('add', { a: 1 })).toEqual({ result: { sum: 2 }, isError: false });
      expect(await agent.calls('add', { a: 'one' })).toMatchObject({ isError: true });
      expect(await agent.calls('unknown')).toMatchObject({ isError: true });
      agent.addEventListener('tool-call', (event) => event.respondWith({ sum: 0 }), { once: true });
      expect(await agent.calls('add', { a: 1 })).toEqual({ result: { sum: 0 }, isError: false });
    });

    it('fails as a browser would, and a failed call can start again', async () => {
      const started = agent.start();
      agent.fails('microphone_denied');
      await expect(started).rejects.toMatchObject({ code: 'microphone_denied' });
      expect(heard).toEqual(['state-change', 'agent-error', 'session-end', 'state-change']);
      expect(agent.error?.code).toBe('microphone_denied');
      expect(shown()).toBe('error');
      await agent.updateComplete;
      expect(inside('[role=alert]').textContent).toContain('microphone');
      agent.becomes('listening');
      expect(agent.error).toBeUndefined();
      agent.fails('microphone_silent', { fatal: false });
      expect(agent.state).toBe('listening');
    });

    it('refuses options that the element would refuse', async () => {
      await showPage('');
      await expect(agent.start()).rejects.toMatchObject({ code: 'token_missing' });
      expect(heard, 'there was no call').not.toContain('session-end');
      await showPage('token-url="/voice-token" input-encoding="audio/mp3"');
      await expect(agent.start()).rejects.toMatchObject({ code: 'invalid_option' });
      expect(shown()).toBe('error');
    });

    it('ends when it is taken out of the page, and asks for consent first', async () => {
      await showPage('token-url="/voice-token" require-consent');
      void agent.start().catch(() => undefined);
      expect(agent.state).toBe('idle');
      await agent.updateComplete;
      inside('[part~=agree-button]').click();
      expect(agent.state).toBe('connecting');
      const ended = new Promise((resolve) => agent.addEventListener('session-end', resolve));
      agent.remove();
      await ended;
    });

    it('is the element, to the compiler and in every member', () => {
      expectTypeOf<VoiceAgentStandIn>().toExtend<VoiceAgentElement>();
      const { prototype } = customElements.get('voice-agent')!;
      expect(agent).toBeInstanceOf(customElements.get('voice-agent'));
      expect(Object.getOwnPropertyNames(prototype)).toContain('becomes');
    });
  });
}
