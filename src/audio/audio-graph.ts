/**
 * One AudioContext for both directions, at the device's own rate: a forced rate disables Firefox's echo canceller and
 * is ignored elsewhere. Besides the microphone, its only node is the worklet.
 */
import { VoiceAgentError } from '../errors.js';
import { createVoiceNode } from '../loading/voice-node.js';
import type { PageToWorklet, SoundTap, WorkletSettings, WorkletToPage } from '../worklet/messages.js';
import { ContextWatch, type ContextWatchHandlers } from './context-watch.js';
import { untilRunning } from './unlock.js';

/** The worklet's fade and some render bursts; after that there is silence. */
const FADE_OUT_MS = 60;

export interface AudioGraphHandlers extends ContextWatchHandlers {
  levels(microphone: number, speaker: number): void;
  tapped(sound: SoundTap): void;
  /**
   * Called with true when the microphone has delivered only digital zeros for seconds, and with false when it
   * delivers sound again.
   */
  microphoneSilence(silent: boolean): void;
}

export class AudioGraph {
  readonly #handlers: AudioGraphHandlers;
  readonly #context: AudioContext;
  #node: AudioWorkletNode | undefined;
  #source: MediaStreamAudioSourceNode | undefined;
  #watch: ContextWatch | undefined;
  #closed = false;

  /**
   * Creates the context at once, because that must happen inside the click.
   * @throws {VoiceAgentError} `insecure_page`, `unsupported_browser`
   */
  constructor(handlers: AudioGraphHandlers) {
    // Firefox and Safari hide worklets from insecure pages, so do not blame the browser.
    if (!globalThis.isSecureContext) {
      throw VoiceAgentError.fatal('insecure_page');
    }
    if (typeof AudioWorkletNode !== 'function') {
      throw VoiceAgentError.fatal('unsupported_browser');
    }
    this.#handlers = handlers;
    this.#context = new AudioContext({ latencyHint: 'interactive' });
    this.#context.resume().catch(() => undefined);
  }

  /** From the worklet's output to audible sound, as far as the browser reports it. */
  get outputLatencyMs(): number {
    const { baseLatency, outputLatency } = this.#context as Partial<AudioContext>;
    // Safari has no outputLatency; the base latency is a part of it.
    return (outputLatency || baseLatency || 0) * 1_000;
  }

  /**
   * Loads the worklet, possibly while the permission prompt is open.
   * @throws {VoiceAgentError} `audio_failed`
   */
  async load(engine: WebAssembly.Module, assetBase?: string): Promise<void> {
    const node = await createVoiceNode(this.#context, engine, assetBase);
    if (this.#closed) return;
    this.#node = node;
    node.port.onmessage = ({ data }: MessageEvent<WorkletToPage>) => {
      if (data.type === 'levels') this.#handlers.levels(data.microphone, data.speaker);
      else if (data.type === 'microphone-silence') this.#handlers.microphoneSilence(data.silent);
      else this.#handlers.tapped(data);
    };
    node.onprocessorerror = () => {
      this.#watch?.end();
      this.#handlers.lost();
    };
    node.connect(this.#context.destination);
  }

  /**
   * Starts the audio. Called after the microphone was granted, because some browsers let a page play while it
   * captures.
   * @throws {VoiceAgentError} `audio_blocked`
   */
  async run(waitMs?: number): Promise<void> {
    await untilRunning(this.#context, waitMs);
    if (!this.#closed) this.#watch = new ContextWatch(this.#context, this.#handlers);
  }

  /**
   * Replaces the microphone; without one the worklet sends silence.
   * @param settleMs how long the speaker needs from now until it is reliable
   */
  setMicrophone(stream: MediaStream | undefined, settleMs = 0): void {
    this.#source?.disconnect();
    this.#source = undefined;
    if (!stream || !this.#node) return;
    this.#source = this.#context.createMediaStreamSource(stream);
    this.#source.connect(this.#node);
    if (settleMs > 0) this.#post({ type: 'settle', atLeastMs: settleMs });
  }

  /** Connects the worklet directly to the session. */
  setSessionPort(port: MessagePort): void {
    this.#post({ type: 'session-port', port }, [port]);
  }

  set({ muted, volume, tap }: WorkletSettings): void {
    this.#post({ type: 'settings', muted, volume, tap });
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
    if (this.#closed) return;
    this.#closed = true;
    this.#watch?.end();
    this.#source?.disconnect();
    this.#post({ type: 'close' });
    await new Promise((resolve) => setTimeout(resolve, FADE_OUT_MS));
    this.#node?.disconnect();
    await this.#context.close().catch(() => undefined);
  }

  #post(message: PageToWorklet, transfer: Transferable[] = []): void {
    this.#node?.port.postMessage(message, transfer);
  }
}
