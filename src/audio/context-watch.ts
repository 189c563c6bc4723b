/**
 * Keeps an AudioContext running, and reports when that is impossible. Systems suspend contexts, iOS interrupts them
 * for a phone call (the state `interrupted`), `resume()` may stay pending forever, and a changed device may leave a
 * context that reports `running` while its clock stands still.
 */
import { GESTURES } from './unlock.js';

const TICK_MS = 500;
/** Shorter outages recover on their own and are not reported. */
const GRACE_MS = 400;
/**
 * A running clock that stands still this long will not recover. A sink that changes its profile takes about a second.
 */
const STUCK_MS = 3_000;
/** If a context does not run this long after a gesture, it cannot. */
const GESTURE_MS = 1_500;

export interface ContextWatchHandlers {
  /** Called with false when audio has been impossible for a moment, with true when it is back. */
  running(running: boolean): void;
  /** This context will not play again and must be replaced. */
  lost(): void;
}

export class ContextWatch {
  readonly #context: AudioContext;
  readonly #handlers: ContextWatchHandlers;
  readonly #rateHz: number;
  readonly #end = new AbortController();
  readonly #ticking: ReturnType<typeof setInterval>;
  #outageTimer: ReturnType<typeof setTimeout> | undefined;
  #gestureTimer: ReturnType<typeof setTimeout> | undefined;
  #outageTold = false;
  #clockSeconds: number;
  #movedAtMs = performance.now();
  /** Checks since the clock last moved. A blocked page has not checked, so it draws no conclusion. */
  #stillTicks = 0;

  /** @param context a running context */
  constructor(context: AudioContext, handlers: ContextWatchHandlers) {
    this.#context = context;
    this.#handlers = handlers;
    this.#rateHz = context.sampleRate;
    this.#clockSeconds = context.currentTime;
    const { signal } = this.#end;
    context.addEventListener('statechange', () => this.#onState(), { signal });
    // An event of the newer specification: the device failed.
    context.addEventListener('error', () => this.#lose(), { signal });
    for (const gesture of GESTURES)
      document.addEventListener(gesture, () => this.#onGesture(), { signal, capture: true, passive: true });
    document.addEventListener('visibilitychange', () => this.#resume(), { signal });
    window.addEventListener('pageshow', () => this.#resume(), { signal });
    this.#ticking = setInterval(() => this.#tick(), TICK_MS);
    this.#onState();
  }

  end(): void {
    this.#end.abort();
    clearInterval(this.#ticking);
    clearTimeout(this.#outageTimer);
    clearTimeout(this.#gestureTimer);
  }

  #onState(): void {
    if (this.#context.state === 'closed') {
      this.#lose();
      return;
    }
    if (this.#context.state !== 'running') {
      this.#outageTimer ??= setTimeout(() => this.#tellOutage(), GRACE_MS);
      this.#resume();
      return;
    }
    clearTimeout(this.#outageTimer);
    this.#outageTimer = undefined;
    this.#restartClock();
    if (this.#outageTold) this.#handlers.running(true);
    this.#outageTold = false;
  }

  #tellOutage(): void {
    this.#outageTold = true;
    this.#handlers.running(false);
  }

  #onGesture(): void {
    if (this.#context.state === 'running') return;
    this.#resume();
    this.#gestureTimer ??= setTimeout(() => {
      this.#gestureTimer = undefined;
      if (this.#context.state !== 'running') this.#lose();
    }, GESTURE_MS);
  }

  /** `statechange` reports everything; the promise adds nothing. */
  #resume(): void {
    if (this.#context.state !== 'running' && this.#context.state !== 'closed')
      this.#context.resume().catch(() => undefined);
  }

  #tick(): void {
    if (this.#context.sampleRate !== this.#rateHz) {
      this.#lose();
      return;
    }
    if (this.#context.state !== 'running') {
      this.#resume();
      return;
    }
    if (this.#context.currentTime !== this.#clockSeconds) this.#restartClock();
    else if (++this.#stillTicks * TICK_MS >= STUCK_MS && performance.now() - this.#movedAtMs >= STUCK_MS)
      this.#lose();
  }

  #restartClock(): void {
    this.#clockSeconds = this.#context.currentTime;
    this.#movedAtMs = performance.now();
    this.#stillTicks = 0;
  }

  #lose(): void {
    this.end();
    this.#handlers.lost();
  }
}
