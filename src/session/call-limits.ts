/** Limits that keep a forgotten call from running up a bill, and a visitor from waiting for an answer that will not come. */
import type { Clock } from './clock.js';
import type { SessionEvent } from './events.js';

export interface CallLimitOptions {
  /** Maximum length of a call; 0 for no limit. */
  readonly maxDurationMs: number;
  /** The call ends after this long without speech from either side; 0 for no limit. */
  readonly idleTimeoutMs: number;
}

export interface CallLimitHandlers {
  /** The call will end in this many seconds. */
  warn(secondsLeft: number): void;
  expired(reason: 'max-duration' | 'idle'): void;
  /** The agent's turn has produced nothing. */
  nothingCame(): void;
  /** A tool is running. */
  isBusy(): boolean;
}

/** How long before the maximum duration the user is warned. */
const WARNING_MS = 30_000;
/** How long a turn of the agent may produce nothing, or nothing more. Tools have their own limits. */
const TURN_MS = 12_000;
/** It is the agent's turn, unless it is speaking already. */
export const TURN_EVENTS: readonly SessionEvent['type'][] = ['speech-end', 'reply-start', 'working'];

export class CallLimits {
  readonly #options: CallLimitOptions;
  readonly #clock: Clock;
  readonly #handlers: CallLimitHandlers;
  /** The running timers. */
  readonly #cancels: Partial<Record<'warning' | 'maximum' | 'idle' | 'turn', () => void>> = {};
  #activeAtMs = 0;
  #started = false;

  constructor(options: CallLimitOptions, clock: Clock, handlers: CallLimitHandlers) {
    this.#options = options;
    this.#clock = clock;
    this.#handlers = handlers;
  }

  /** The session has started for the first time; later calls change nothing. */
  start(): void {
    if (this.#started) return;
    this.#started = true;
    this.active();
    const { maxDurationMs, idleTimeoutMs } = this.#options;
    if (idleTimeoutMs > 0) this.#watch('idle', idleTimeoutMs, () => this.#handlers.expired('idle'));
    if (maxDurationMs <= 0) return;
    const warningMs = Math.min(WARNING_MS, maxDurationMs);
    this.#cancels.warning = this.#clock.after(maxDurationMs - warningMs, () =>
      this.#handlers.warn(warningMs / 1_000),
    );
    this.#cancels.maximum = this.#clock.after(maxDurationMs, () => this.#handlers.expired('max-duration'));
  }

  /** Someone spoke or typed. */
  active(): void {
    this.#activeAtMs = this.#clock.now();
  }

  /** The agent has the turn. It is over when nobody was heard for a while. */
  turn(): void {
    this.#cancels.turn?.();
    this.#watch('turn', TURN_MS, () => this.#handlers.nothingCame());
  }

  stop(): void {
    for (const cancel of Object.values(this.#cancels)) cancel();
  }

  /** Nobody was heard for `quietMs`. One timer that checks afterwards, because speech arrives in many messages. */
  #watch(what: 'idle' | 'turn', quietMs: number, act: () => void, delayMs = quietMs): void {
    this.#cancels[what] = this.#clock.after(delayMs, () => {
      if (this.#handlers.isBusy()) this.active();
      const leftMs = this.#activeAtMs + quietMs - this.#clock.now();
      if (leftMs > 0) this.#watch(what, quietMs, act, leftMs);
      else act();
    });
  }
}
