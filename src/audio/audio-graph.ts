/**
 * One AudioContext for both directions, at the device's own rate: a forced rate disables Firefox's echo canceller and
 * is ignored elsewhere. Besides the microphone, its only node is the worklet.
 *
 * It also keeps the context running, and reports when that is impossible. Browsers start a context only after a
 * gesture or while the page captures audio. Systems suspend contexts, iOS interrupts them for a phone call (the state
 * `interrupted`), and a changed device may leave a context that reports `running` while its clock stands still.
 */
import { VoiceAgentError } from '../errors.js';
import { createVoiceNode } from '../loading/voice-node.js';
import type { PageToWorklet, WorkletToPage } from '../worklet/messages.js';

/** The gestures that allow audio. */
const GESTURES = ['pointerdown', 'pointerup', 'keydown', 'touchend'];
/** A context that may run does so within tens of milliseconds; a Bluetooth headset needs about a second to wake up. */
const START_MS = 4_000;
const TICK_MS = 500;
/** Shorter outages recover on their own and are not reported. */
const GRACE_MS = 400;
/**
 * A running clock that stands still this long will not recover. A sink that changes its profile takes about a second.
 */
const STUCK_MS = 3_000;
/** If a context does not run this long after a gesture, it cannot. */
const GESTURE_MS = 1_500;
/** The worklet's fade and some render bursts; after that there is silence. */
const FADE_OUT_MS = 60;

type Timer = ReturnType<typeof setTimeout>;

export interface AudioGraphHandlers {
  message(message: WorkletToPage): void;
  /** Audio has been impossible for a moment. */
  interrupted(): void;
  /**
   * This context will not play again and must be replaced.
   * @param wasInterrupted the system took the audio away, and may still have it
   */
  lost(wasInterrupted?: boolean): void;
}

/** @throws {VoiceAgentError} `insecure_page`, `unsupported_browser` */
export function checkSupport(): void {
  // Firefox and Safari hide worklets from insecure pages, so do not blame the browser.
  if (!globalThis.isSecureContext) throw VoiceAgentError.fatal('insecure_page');
  if (typeof AudioWorkletNode !== 'function') throw VoiceAgentError.fatal('unsupported_browser');
}

/** Some browsers limit the contexts of a page. */
function openContext(): AudioContext {
  try {
    return new AudioContext();
  } catch (cause) {
    throw VoiceAgentError.fatal('audio_failed/worklet', { cause });
  }
}

export class AudioGraph {
  readonly #handlers: AudioGraphHandlers;
  readonly #context: AudioContext;
  readonly #end = new AbortController();
  #node: AudioWorkletNode | undefined;
  #source: MediaStreamAudioSourceNode | undefined;
  #started: (() => void) | undefined;
  #rateHz = 0;
  /** Runs from the successful start on; before that, there is nothing to lose. */
  #ticking: ReturnType<typeof setInterval> | undefined;
  #outageTimer: Timer | undefined;
  #gestureTimer: Timer | undefined;
  /** By the system, since the clock last moved. */
  #wasInterrupted = false;
  #clockSeconds = 0;
  /** Checks since the clock last moved. A blocked page has not checked, so it draws no conclusion. */
  #stillTicks = 0;

  /**
   * Creates the context at once, because that must happen inside the click.
   * @throws {VoiceAgentError} `audio_failed`
   */
  constructor(handlers: AudioGraphHandlers) {
    this.#handlers = handlers;
    const context = (this.#context = openContext());
    const options = { signal: this.#end.signal, capture: true, passive: true };
    context.addEventListener('statechange', () => this.#onState(), options);
    // An event of the newer specification: the device failed.
    context.addEventListener('error', () => this.#lose(), options);
    for (const gesture of GESTURES) document.addEventListener(gesture, () => this.#onGesture(), options);
    document.addEventListener('visibilitychange', () => this.#resume(), options);
    this.#resume();
  }

  /** From the worklet's output to audible sound, as far as the browser reports it. */
  get outputLatencyMs(): number {
    const { baseLatency, outputLatency } = this.#context as Partial<AudioContext>;
    // Safari has no outputLatency; the base latency is a part of it.
    return (outputLatency || baseLatency || 0) * 1_000;
  }

  /**
   * Loads the worklet, possibly while the permission prompt is open.
   * @throws {VoiceAgentError} `audio_failed`, `engine_failed`
   */
  async load(assetBase?: string): Promise<void> {
    const node = await createVoiceNode(this.#context, this.#end.signal, assetBase);
    this.#node = node;
    if (!node || this.#end.signal.aborted) {
      // Chromium keeps a context in memory until its processor ends.
      this.post({ type: 'close' });
      return;
    }
    node.port.onmessage = ({ data }: MessageEvent<WorkletToPage>) => this.#handlers.message(data);
    node.onprocessorerror = () => {
      this.#endWatch();
      this.#handlers.lost();
    };
    node.connect(this.#context.destination);
  }

  /**
   * Starts the audio. Called after the microphone was granted, because some browsers let a page play while it
   * captures.
   * @param waitMs how long a gesture may be waited for. The outage is reported then, so that the visitor makes one.
   * @throws {VoiceAgentError} `audio_blocked`; `audio_failed` if the worklet has failed, or this was closed
   */
  async run(waitMs?: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      setTimeout(() => reject(VoiceAgentError.fatal('audio_blocked')), waitMs ?? START_MS);
      this.#started = resolve;
      if (waitMs) this.#noteOutage();
      this.#onState();
    });
    if (this.#end.signal.aborted) throw VoiceAgentError.fatal('audio_failed');
    this.#rateHz = this.#context.sampleRate;
    this.#ticking = setInterval(() => this.#tick(), TICK_MS);
  }

  /**
   * Replaces the microphone; without one the worklet sends silence.
   * @param settleMs how long the speaker certainly needs from now until it is reliable. After that, and for any other
   *   output, it is watched for stalls.
   */
  setMicrophone(stream: MediaStream | undefined, settleMs: number): void {
    this.#source?.disconnect();
    this.#source = undefined;
    if (!stream || !this.#node) return;
    try {
      this.#source = this.#context.createMediaStreamSource(stream);
    } catch {
      // Firefox, if the system's rate has changed since this context was made.
      this.#lose();
      return;
    }
    this.#source.connect(this.#node);
    this.post({ type: 'settle', atLeastMs: settleMs });
  }

  /** To the worklet, if it is loaded. */
  post(message: PageToWorklet, transfer: Transferable[] = []): void {
    this.#node?.port.postMessage(message, transfer);
  }

  /**
   * Plays on another device; an empty id means the system's default. Browsers without that choice keep the default.
   * @throws DOMException if there is no such device
   */
  async setSpeaker(deviceId: string): Promise<void> {
    const context = this.#context as { setSinkId?: (id: string) => Promise<void> };
    await context.setSinkId?.(deviceId);
  }

  /** Fades out, then frees the device. */
  async close(): Promise<void> {
    this.#endWatch();
    this.#source?.disconnect();
    this.post({ type: 'close' });
    await new Promise((resolve) => setTimeout(resolve, FADE_OUT_MS));
    // Not awaited: a browser may never confirm it.
    this.#context.close().catch(() => undefined);
  }

  // ── the context's state ─────────────────────────────────────────────────────────────────────────────────────────
  get #isRunning(): boolean {
    return this.#context.state === 'running';
  }

  #onState(): void {
    if (this.#isRunning) {
      clearTimeout(this.#outageTimer);
      this.#outageTimer = undefined;
      this.#restartClock();
      this.#started?.();
    } else if (this.#context.state === 'closed') {
      this.#lose();
    } else {
      this.#wasInterrupted ||= this.#context.state === 'interrupted';
      if (this.#ticking) this.#noteOutage();
      this.#resume();
    }
  }

  #noteOutage(): void {
    this.#outageTimer ??= setTimeout(() => this.#handlers.interrupted(), GRACE_MS);
  }

  /** Do not trust the promise: it may stay pending until a gesture, or reject although the context runs. */
  #resume(): void {
    const check = (): void => {
      if (this.#isRunning) this.#onState();
    };
    if (!this.#isRunning) this.#context.resume().then(check, check);
  }

  #onGesture(): void {
    if (this.#isRunning) return;
    this.#resume();
    if (this.#ticking === undefined) return;
    this.#gestureTimer ??= setTimeout(() => {
      this.#gestureTimer = undefined;
      if (!this.#isRunning) this.#lose();
    }, GESTURE_MS);
  }

  #tick(): void {
    if (this.#context.sampleRate !== this.#rateHz) this.#lose();
    else if (!this.#isRunning) this.#resume();
    else if (this.#context.currentTime !== this.#clockSeconds) {
      this.#wasInterrupted = false;
      this.#restartClock();
    } else if (++this.#stillTicks * TICK_MS >= STUCK_MS) this.#lose();
  }

  #restartClock(): void {
    this.#clockSeconds = this.#context.currentTime;
    this.#stillTicks = 0;
  }

  #lose(): void {
    if (!this.#ticking) return;
    this.#endWatch();
    this.#handlers.lost(this.#wasInterrupted);
  }

  #endWatch(): void {
    this.#end.abort();
    this.#started?.();
    clearInterval(this.#ticking);
    clearTimeout(this.#outageTimer);
    clearTimeout(this.#gestureTimer);
  }
}
