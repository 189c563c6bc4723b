/**
 * One AudioContext, both directions, at the device's own rate: forcing another takes Firefox's echo canceller away and is
 * ignored elsewhere. Its only node besides the microphone is the worklet.
 */
import { VoiceAgentError } from '../errors.js';
import { createVoiceNode } from '../loading/voice-node.js';
import type { PageToWorklet, SoundTap, WorkletSettings, WorkletToPage } from '../worklet/messages.js';
import { ContextWatch, type ContextWatchHandlers } from './context-watch.js';
import { untilRunning } from './unlock.js';

/** The fade of the worklet, and some render bursts: after that nothing sounds any more. */
const FADE_OUT_MS = 60;

export interface AudioGraphHandlers extends ContextWatchHandlers {
  levels(microphone: number, speaker: number): void;
  tapped(sound: SoundTap): void;
  /** The microphone has delivered nothing but digital zeros for seconds; false when it delivers sound again. */
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
   * Makes the context at once, since that has to happen inside the click that asked for it.
   * @throws {VoiceAgentError} `insecure_page`, `unsupported_browser`
   */
  constructor(handlers: AudioGraphHandlers) {
    // Firefox and Safari hide worklets from such pages: the browser is not to blame.
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

  /** From the worklet's output to the air, as far as the browser knows. */
  get outputLatencyMs(): number {
    const { baseLatency, outputLatency } = this.#context as Partial<AudioContext>;
    // Safari has no outputLatency; the base latency is a part of it.
    return (outputLatency || baseLatency || 0) * 1_000;
  }

  /**
   * Loads the worklet; may go on while the person is still asked for the microphone.
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
   * Sound flows from here on. After the microphone was granted, since some browsers let a page that captures play, too.
   * @throws {VoiceAgentError} `audio_blocked`
   */
  async run(waitMs?: number): Promise<void> {
    await untilRunning(this.#context, waitMs);
    if (!this.#closed) this.#watch = new ContextWatch(this.#context, this.#handlers);
  }

  /**
   * Replaces the microphone; without one the worklet sends silence.
   * @param settleMs how long the speaker needs, counted from now, before it may be relied upon.
   */
  setMicrophone(stream: MediaStream | undefined, settleMs = 0): void {
    this.#source?.disconnect();
    this.#source = undefined;
    if (!stream || !this.#node) return;
    this.#source = this.#context.createMediaStreamSource(stream);
    this.#source.connect(this.#node);
    if (settleMs > 0) this.#post({ type: 'settle', atLeastMs: settleMs });
  }

  /** Gives the worklet its own line to the session. */
  setSessionPort(port: MessagePort): void {
    this.#post({ type: 'session-port', port }, [port]);
  }

  set({ muted, volume, tap }: WorkletSettings): void {
    this.#post({ type: 'settings', muted, volume, tap });
  }

  /**
   * Plays through another device; the system's default one for an empty id. Browsers without the choice keep the default.
   * @throws DOMException when there is no such device.
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
