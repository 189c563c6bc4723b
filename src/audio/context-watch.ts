/**
 * Keeps an AudioContext running, and says when it cannot be kept: systems suspend contexts, iOS takes them away for a
 * phone call (`interrupted`, a state of its own), `resume()` may pend for ever, and a device that changes may leave one
 * that claims to run while its clock stands still.
 */
import { GESTURES } from './unlock.js';

const TICK_MS = 500;
/** Shorter outages heal by themselves, and nobody need hear of them. */
const GRACE_MS = 400;
/** A running clock that stands still this long will not go on. A sink that changes its profile takes about a second. */
const STUCK_MS = 3_000;
/** After a gesture nothing keeps a context from running, except that it cannot. */
const GESTURE_MS = 1_500;

export interface ContextWatchHandlers {
  /** Sound has been impossible for a moment; `true` when it is back. */
  running(running: boolean): void;
  /** This context will not sound again: another one is needed. */
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
  /** Looks at the clock since it moved: a page that was blocked has not looked, and knows nothing. */
  #stillTicks = 0;

  /** @param context one that runs. */
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

  /** Its promise tells nothing that `statechange` does not. */
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
