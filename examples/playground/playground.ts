/** The page's own script: settings, the snippet to paste, the log of events. The element itself needs none of it. */
import type { VoiceAgentElement } from '../../components/voice-agent/voice-agent.js';
import type { VoiceAgentElementEventMap } from '../../components/voice-agent/voice-agent.events.js';
import { buildSettings } from './settings.js';
import { snippetOf } from './snippet.js';

const LOGGED = [
  'state-change',
  'session-ready',
  'call-warning',
  'session-end',
  'speech-start',
  'speech-end',
  'transcript',
  'reply-start',
  'reply-end',
  'interruption',
  'reply-hold',
  'tool-call',
  'mute-change',
  'agent-error',
] as const satisfies readonly (keyof VoiceAgentElementEventMap)[];
const LOG_LINES = 300;

function byId<T extends HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (!element) throw new Error(`The page has no #${id}.`);
  return element as T;
}

const agent = byId<VoiceAgentElement>('agent');

async function showMode(): Promise<void> {
  const answer = await fetch('/voice-agent-mode');
  const { mode } = (await answer.json()) as { mode: 'local' | 'live' };
  byId('mode').textContent =
    mode === 'live'
      ? 'Live: talking with the AssemblyAI Voice Agent API'
      : 'Local agent: no key, nothing leaves this computer';
}

function showSnippet(): void {
  byId('snippet').textContent = snippetOf(agent);
}

function logEvents(): void {
  const log = byId<HTMLOListElement>('log');
  const startMs = performance.now();
  for (const name of LOGGED) {
    agent.addEventListener(name, ({ detail }) => {
      const data = detail === null ? '' : JSON.stringify(detail);
      // Words come one by one: what is still being said keeps one line.
      const utterance =
        detail && 'text' in detail ? detail.role + (detail.replyId ?? detail.itemId ?? '') : '';
      const newest = log.firstElementChild as HTMLElement | null;
      const line = utterance && newest?.dataset['utterance'] === utterance ? newest : logLine(log, name);
      line.dataset['utterance'] = utterance;
      line.children[0]!.textContent = ((performance.now() - startMs) / 1000).toFixed(2);
      line.children[2]!.textContent = data;
      while (log.children.length > LOG_LINES) log.lastElementChild?.remove();
    });
  }
  byId('clear').addEventListener('click', () => log.replaceChildren());
}

/** A new line on top: time, name, data. */
function logLine(log: HTMLOListElement, name: string): HTMLElement {
  const line = document.createElement('li');
  const title = document.createElement('b');
  title.textContent = name;
  line.append(document.createElement('time'), title, document.createElement('span'));
  log.prepend(line);
  return line;
}

function showQuality(): void {
  const list = byId('quality');
  const show = (detail?: VoiceAgentElementEventMap['stats']['detail']): void => {
    const ms = (value: number | undefined): string => (value === undefined ? '–' : `${Math.round(value)} ms`);
    const rows: [string, string][] = [
      ['You stop → it speaks', ms(detail?.responseLatencyMs)],
      ['Message → speaker', ms(detail?.playoutDelayMs)],
      ['Microphone → message', ms(detail?.captureDelayMs)],
      ['Interrupt → silence', ms(detail?.flushRoundTripMs)],
      ['Jitter buffer', detail ? `${ms(detail.depthMs)} of ${ms(detail.targetMs)}` : '–'],
      ['Gaps', detail ? `${detail.underruns} (${ms(detail.concealedMs)})` : '–'],
      ['Packets sent', detail ? `${detail.packetsSent}, ${detail.packetsDropped} dropped` : '–'],
      ['Session runs in', detail ? (detail.sessionHost === 'worker' ? 'a worker' : 'the page') : '–'],
    ];
    list.replaceChildren(
      ...rows.map(([term, value]) => {
        const row = document.createElement('div');
        const title = document.createElement('dt');
        title.textContent = term;
        const data = document.createElement('dd');
        data.textContent = value;
        row.append(title, data);
        return row;
      }),
    );
  };
  agent.addEventListener('stats', ({ detail }) => show(detail));
  show();
}

function offerCopy(): void {
  const button = byId<HTMLButtonElement>('copy');
  button.addEventListener('click', () => {
    void navigator.clipboard.writeText(snippetOf(agent)).then(() => {
      button.textContent = 'Copied';
      button.addEventListener('blur', () => (button.textContent = 'Copy'), { once: true });
    });
  });
}

buildSettings(byId<HTMLFormElement>('settings'), agent, byId('frame'), showSnippet);
showSnippet();
logEvents();
showQuality();
offerCopy();
await showMode();
