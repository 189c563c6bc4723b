import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Messages } from '../locales/en.js';
import type { VoiceAgentElementEventMap } from '../voice-agent/voice-agent.events.js';
import { isActive } from './conversation-view.js';

interface ProgressHost extends ReactiveControllerHost {
  addEventListener<K extends keyof VoiceAgentElementEventMap>(
    type: K,
    listener: (event: VoiceAgentElementEventMap[K]) => unknown,
  ): void;
}

/** What a face shows of a call besides its state: its length, whether the reply is held, what there is to know. */
export class CallProgress implements ReactiveController {
  readonly #host: ProgressHost;
  #startedAtMs: number | undefined;
  #seconds: number | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #held = false;
  #problem: string | undefined;
  #secondsLeft: number | undefined;

  constructor(host: ProgressHost) {
    this.#host = host;
    host.addController(this);
    host.addEventListener('state-change', ({ detail }) => {
      this.#held = false;
      if (detail.state === 'connecting') this.#reset();
      if (detail.previous === 'connecting' && isActive(detail.state)) this.#start();
      if (!isActive(detail.state)) this.#stop();
    });
    host.addEventListener('session-end', ({ detail }) => {
      // As the service counted them, where it did.
      this.#seconds = Math.round(detail.seconds);
      this.#secondsLeft = undefined;
    });
    host.addEventListener('reply-hold', ({ detail }) => (this.#held = detail.outcome === 'held'));
    host.addEventListener('call-warning', ({ detail }) => (this.#secondsLeft = detail.secondsLeft));
    host.addEventListener('agent-error', ({ detail }) => {
      this.#problem = detail.fatal ? undefined : `${detail.message} ${detail.hint}`;
    });
    // Once the agent speaks again, what went wrong is no news.
    host.addEventListener('reply-end', () => {
      this.#problem = undefined;
      host.requestUpdate();
    });
  }

  /** Whole seconds; `undefined` before the first call. For the eye: what is billed comes with `session-end`. */
  get seconds(): number | undefined {
    return this.#seconds;
  }

  get held(): boolean {
    return this.#held;
  }

  notice(messages: Messages): string | undefined {
    if (this.#secondsLeft === undefined) return this.#problem;
    return messages.endsSoon.replace('{seconds}', String(Math.round(this.#secondsLeft)));
  }

  hostConnected(): void {
    if (this.#startedAtMs !== undefined) this.#runTimer();
  }

  hostDisconnected(): void {
    clearInterval(this.#timer);
  }

  #reset(): void {
    this.#problem = undefined;
    this.#secondsLeft = undefined;
  }

  #start(): void {
    this.#startedAtMs = performance.now();
    this.#seconds = 0;
    this.#runTimer();
  }

  #stop(): void {
    clearInterval(this.#timer);
    this.#tick();
    this.#startedAtMs = undefined;
  }

  #runTimer(): void {
    clearInterval(this.#timer);
    this.#timer = setInterval(() => this.#tick(), 1000);
  }

  #tick(): void {
    if (this.#startedAtMs === undefined) return;
    this.#seconds = Math.round((performance.now() - this.#startedAtMs) / 1000);
    this.#host.requestUpdate();
  }
}
