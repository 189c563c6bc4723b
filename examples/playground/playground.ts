/** The page's own script: settings, the snippet to paste, the event log. The element works without it. */
import type { VoiceAgentElement } from '../../components/voice-agent/voice-agent.js';
import type { VoiceAgentElementEventMap } from '../../components/voice-agent/voice-agent.events.js';
import { Configurator } from './configurator.js';
import { logEvents } from './event-log.js';
import { highlighted, snippetOf } from './snippet.js';

function byId<T extends HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (!element) throw new Error(`The page has no #${id}.`);
  return element as T;
}

async function showMode(): Promise<void> {
  const answer = await fetch('/voice-agent-mode');
  const { mode } = (await answer.json()) as { mode: 'local' | 'live' };
  byId('mode').textContent =
    mode === 'live'
      ? 'Live: talking with the AssemblyAI Voice Agent API'
      : 'Local agent: no key, nothing leaves this computer';
}

function showQuality(agent: VoiceAgentElement): void {
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

function offerCopy(snippet: HTMLElement): void {
  const button = byId<HTMLButtonElement>('copy');
  button.addEventListener('click', () => {
    void navigator.clipboard.writeText(snippet.textContent).then(() => {
      button.textContent = 'Copied';
      button.addEventListener('blur', () => (button.textContent = 'Copy'), { once: true });
    });
  });
}

await customElements.whenDefined('voice-agent');
const agent = byId<VoiceAgentElement>('agent');
// To compare: `?barge-in=server` waits for the service, as agents without a detector do.
const bargeIn = new URLSearchParams(location.search).get('barge-in');
if (bargeIn) agent.setAttribute('barge-in', bargeIn);
const snippet = byId('snippet');
const configurator: Configurator = new Configurator(byId('settings'), agent, byId('frame'), () => {
  // The first call comes from the constructor, before `configurator` is assigned.
  queueMicrotask(() => snippet.replaceChildren(...highlighted(snippetOf(agent, configurator.theme))));
});
// A visitor's choice does not change attributes. On this page the attributes are the settings, so they follow it.
agent.addEventListener('mute-change', ({ detail }) => agent.toggleAttribute('muted', detail.muted));
agent.addEventListener('open-change', ({ detail }) => agent.toggleAttribute('open', detail.open));
logEvents(agent, byId('log'), byId('clear'));
showQuality(agent);
offerCopy(snippet);
await showMode();
