/**
 * `analytics="data-layer"`: what happens in a call, for the site's own analytics. Only what is counted is passed on, never
 * what was said.
 */
import type { VoiceAgentElementEventMap, UI_EVENTS } from '../voice-agent/voice-agent.events.js';

type UiEvent = VoiceAgentElementEventMap[(typeof UI_EVENTS)[number]];
type Values = Readonly<Record<string, string | number>>;

/** Takes the element's events, in order. */
export interface EventReceiver {
  push(event: Event): unknown;
}

/** @internal The `analytics` of one `<voice-agent>`. */
export class DataLayer implements EventReceiver {
  #startedAtMs = 0;
  /** A call was started, and its end is not in the data layer. */
  #isOpen = false;
  #isReady = false;

  /** @param early events from before this code was loaded */
  constructor(early: readonly Event[]) {
    for (const event of early) this.push(event);
  }

  push(event: Event): void {
    const { type } = event as UiEvent;
    const { detail } = event as CustomEvent<never>;
    if (type === 'state-change') this.#onState(event as VoiceAgentElementEventMap[typeof type]);
    else if (type === 'interruption') tell(event, 'interruption');
    else if (type === 'session-end') this.#end(event, detail);
    else if (type === 'agent-error') tell(event, 'error', { code: detail['code'] });
  }

  #onState(event: VoiceAgentElementEventMap['state-change']): void {
    const { detail, timeStamp } = event;
    switch (detail.state) {
      case 'connecting':
        this.#startedAtMs = timeStamp;
        this.#isOpen = true;
        this.#isReady = false;
        tell(event, 'start');
        break;
      case 'listening':
        if (!this.#isReady) tell(event, 'ready', { wait_ms: Math.round(timeStamp - this.#startedAtMs) });
        this.#isReady = true;
        break;
      case 'error':
        // A call that is refused before it asks for a session has no event of its own.
        this.#end(event, { reason: 'error', seconds: 0 });
        break;
      default:
    }
  }

  #end(event: Event, { reason, seconds }: { readonly reason: string; readonly seconds: number }): void {
    if (this.#isOpen) tell(event, 'end', { reason, seconds: Math.round(seconds) });
    this.#isOpen = false;
  }
}

function tell({ target }: Event, name: string, values: Values = {}): void {
  const { id } = target as Element;
  const named = Object.entries({ ...(id && { id }), ...values });
  const entry = Object.fromEntries(named.map(([key, value]) => [`voice_agent_${key}`, value]));
  const page = window as { dataLayer?: { push(entry: object): unknown } };
  try {
    (page.dataLayer ??= []).push({ event: `voice_agent_${name}`, ...entry });
  } catch (error) {
    // A tag manager runs the site's tags inside push().
    reportError(error);
  }
}
