import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { InputMode, VoiceAgentErrorData, VoiceAgentState } from '../../src/index.js';
import type { Messages } from '../locales/en.js';
import type { VoiceAgentElementEventMap } from '../voice-agent/voice-agent.events.js';
import { isActive } from './conversation-view.js';
import { translated } from './error-template.js';
import { loudness } from './loudness.js';

/** A muted microphone this loud, for so many of the levels that come 30 times a second, is somebody speaking to nobody. */
const SPEECH_LOUDNESS = 0.4;
const SPEECH_LEVELS = 12;

interface ProgressHost extends ReactiveControllerHost {
  readonly state: VoiceAgentState;
  readonly muted: boolean;
  readonly inputMode: InputMode;
  addEventListener<K extends keyof VoiceAgentElementEventMap>(
    type: K,
    listener: (event: VoiceAgentElementEventMap[K]) => unknown,
  ): void;
}

/** What a face shows of a call besides its state: its length, whether the reply is held, what there is to know. */
export class CallProgress implements ReactiveController {
  /** The reply waits, because the user seems to speak. */
  held = false;
  readonly #host: ProgressHost;
  #startedAtMs: number | undefined;
  #seconds: number | undefined;
  #inputMode: InputMode | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #problem: VoiceAgentErrorData | undefined;
  #secondsLeft: number | undefined;
  #mutedSpeech = 0;

  constructor(host: ProgressHost) {
    this.#host = host;
    host.addController(this);
    host.addEventListener('state-change', ({ detail: { state, previous } }) => {
      this.held = false;
      if (state === 'connecting') {
        this.#problem = this.#secondsLeft = undefined;
        this.#mutedSpeech = 0;
        this.#inputMode = host.inputMode;
      }
      if (!isActive(state)) this.#end(this.seconds);
      else if (previous === 'connecting') {
        this.#startedAtMs = performance.now();
        this.hostConnected();
      }
    });
    host.addEventListener('session-end', ({ detail }) => {
      // As the service counted them, where it did.
      this.#end(Math.round(detail.seconds));
      this.#secondsLeft = undefined;
    });
    host.addEventListener('reply-hold', ({ detail }) => (this.held = detail.outcome === 'held'));
    host.addEventListener('call-warning', ({ detail }) => (this.#secondsLeft = detail.secondsLeft));
    host.addEventListener('agent-error', ({ detail }) => {
      this.#problem = detail.fatal ? undefined : detail;
    });
    host.addEventListener('levels', ({ detail }) => this.#watchMuted(detail.microphone));
    host.addEventListener('mute-change', () => (this.#mutedSpeech = 0));
    // Once the agent speaks again, what went wrong is no news.
    host.addEventListener('reply-end', () => {
      this.#problem = undefined;
      host.requestUpdate();
    });
  }

  /** Whole seconds; `undefined` before the first call. For the eye: what is billed comes with `session-end`. */
  get seconds(): number | undefined {
    if (this.#startedAtMs === undefined) return this.#seconds;
    return Math.round((performance.now() - this.#startedAtMs) / 1000);
  }

  /** There is no microphone: in this call, whatever is asked for since it began; before it, in the next one. */
  get textOnly(): boolean {
    const { state, inputMode } = this.#host;
    return (isActive(state) ? this.#inputMode : inputMode) === 'text';
  }

  notice(messages: Messages): string | undefined {
    if (this.#mutedSpeech >= SPEECH_LEVELS) return messages.speakingMuted;
    if (this.#secondsLeft === undefined) {
      const { message, hint } = this.#problem ?? {};
      return message && hint && `${translated(message, messages)} ${translated(hint, messages)}`;
    }
    return messages.endsSoon.replace('{seconds}', String(Math.round(this.#secondsLeft)));
  }

  hostConnected(): void {
    this.hostDisconnected();
    if (this.#startedAtMs !== undefined) this.#timer = setInterval(() => this.#host.requestUpdate(), 1000);
  }

  hostDisconnected(): void {
    clearInterval(this.#timer);
  }

  #end(seconds: number | undefined): void {
    this.hostDisconnected();
    this.#seconds = seconds;
    this.#startedAtMs = undefined;
  }

  #watchMuted(microphone: number): void {
    if (!this.#host.muted || this.#mutedSpeech >= SPEECH_LEVELS) return;
    this.#mutedSpeech = Math.max(0, this.#mutedSpeech + (loudness(microphone) > SPEECH_LOUDNESS ? 1 : -0.25));
    if (this.#mutedSpeech >= SPEECH_LEVELS) this.#host.requestUpdate();
  }
}
