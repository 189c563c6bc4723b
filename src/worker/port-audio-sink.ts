/**
 * The port to the worklet as the session's AudioSink. The session uses one sink throughout; the worklet behind it may
 * change during a call, because it dies with its AudioContext.
 */
import { DEFAULT_ENCODING, type AudioEncoding } from '../audio-encoding.js';
import type { AudioSink, AudioSinkHandlers } from '../session/audio-sink.js';
import { MeanDelay } from '../worklet/mean-delay.js';
import type { AudioStats, PlaybackStats, SessionToWorklet, WorkletToSession } from '../worklet/messages.js';
import { UnheardSound, type UnheardPiece } from './unheard-sound.js';

type Counter =
  | 'underruns'
  | 'concealedMs'
  | 'droppedSilenceMs'
  | 'insertedSilenceMs'
  | 'overflowMs'
  | 'ducks'
  | 'falseDucks';

export class PortAudioSink implements AudioSink {
  #port: MessagePort;
  #handlers: AudioSinkHandlers | undefined;
  #onStats: ((stats: AudioStats) => void) | undefined;
  readonly #captureDelay = new MeanDelay();
  // state that a new worklet must be told
  #format: AudioSink['formats'] | undefined;
  #held = false;
  #givesWay = false;
  #gain = 1;
  #unheard = new UnheardSound();
  // totals reported by earlier worklets
  #audibleReply = 0;
  #playhead = { reply: 0, heardMs: 0 };
  #heardBefore = { reply: 0, heardMs: 0 };
  #counters: Record<Counter, number> = noCounters();
  #countersBefore: Record<Counter, number> = noCounters();

  constructor(port: MessagePort) {
    this.#port = port;
  }

  /** From now on forwards the worklet's reports. */
  connect(handlers: AudioSinkHandlers, onStats: (stats: AudioStats) => void): void {
    this.#handlers = handlers;
    this.#onStats = onStats;
    this.#listen();
  }

  /** A new worklet replaces a lost one. It gets the format, all unheard audio, and the hold, if there is one. */
  replaceWorklet(port: MessagePort): void {
    this.#port.close();
    this.#port = port;
    this.#heardBefore = { ...this.#playhead };
    this.#countersBefore = { ...this.#counters };
    this.#listen();
    if (!this.#format) return;
    this.#post({ type: 'format', ...this.#format });
    const unheard = this.#unheard.take();
    this.#unheard = new UnheardSound();
    this.#playAgain(unheard);
    if (this.#held) this.hold();
    if (this.#givesWay) this.#post({ type: 'give-way', allowed: true });
    if (this.#gain !== 1) this.#post({ type: 'turn-down', gain: this.#gain });
  }

  setFormat(input: AudioEncoding, output: AudioEncoding): void {
    this.#format = { input, output };
    this.#held = false;
    this.#unheard = new UnheardSound();
    this.#post({ type: 'format', input, output });
  }

  get formats(): AudioSink['formats'] {
    return this.#format ?? { input: DEFAULT_ENCODING, output: DEFAULT_ENCODING };
  }

  unheard(reply: number): readonly Uint8Array[] {
    return this.#unheard.of(reply);
  }

  wasHeard(reply: number, heardMs: number): void {
    this.#heardBefore = { reply, heardMs };
  }

  play(reply: number, bytes: Uint8Array): void {
    this.#unheard.add(reply, bytes);
    this.#post({ type: 'audio', reply, bytes, arrivedAtMs: Date.now() }, [bytes.buffer as ArrayBuffer]);
  }

  completeReply(reply: number): void {
    this.#unheard.complete(reply);
    this.#post({ type: 'reply-complete', reply });
  }

  flush(last = Infinity): void {
    this.#held = false;
    this.#post({ type: 'flush' });
    this.#playAgain(this.#unheard.take().filter(({ reply }) => reply > last));
  }

  hold(): void {
    this.#held = true;
    this.#post({ type: 'hold' });
  }

  release(): void {
    this.#held = false;
    this.#post({ type: 'release' });
  }

  allowGivingWay(allowed: boolean): void {
    if (allowed === this.#givesWay) return;
    this.#givesWay = allowed;
    this.#post({ type: 'give-way', allowed });
  }

  turnDown(gainDb: number): void {
    this.#gain = 10 ** (gainDb / 20);
    this.#post({ type: 'turn-down', gain: this.#gain });
  }

  close(): void {
    this.#port.close();
  }

  // ── the worklet ─────────────────────────────────────────────────────────────────────────────────────────────────
  #listen(): void {
    this.#port.onmessage = ({ data }: MessageEvent<WorkletToSession>) => this.#onMessage(data);
  }

  #onMessage(message: WorkletToSession): void {
    const handlers = this.#handlers;
    if (!handlers) return;
    switch (message.type) {
      case 'packet':
        if (message.encoding === this.#format?.input) handlers.packet(message.bytes, message.level);
        this.#captureDelay.add(Date.now() - message.startedAtMs);
        break;
      case 'reply-audible':
        // The rest of a reply that an earlier worklet began.
        if (message.reply === this.#audibleReply) break;
        this.#audibleReply = message.reply;
        handlers.replyAudible(message.reply);
        break;
      case 'reply-heard':
        this.#unheard.heard(message.reply);
        handlers.replyHeard(message.reply, this.#heardMs(message), this.#isAudible(message));
        break;
      case 'playhead':
        this.#unheard.consumed(message.consumedBytes);
        this.#playhead = { reply: message.reply, heardMs: this.#heardMs(message) };
        handlers.playhead(message.reply, this.#playhead.heardMs);
        break;
      case 'flushed':
        handlers.flushed({ ...message, heardMs: this.#heardMs(message) });
        break;
      case 'voice':
        handlers.voice(message);
        break;
      case 'stats':
        handlers.echo(message.stats);
        this.#onStats?.(this.#statsOfCall(message.stats));
        break;
    }
  }

  #heardMs({ reply, heardMs }: { readonly reply: number; readonly heardMs: number }): number {
    return reply === this.#heardBefore.reply ? this.#heardBefore.heardMs + heardMs : heardMs;
  }

  /** The rest of a reply may be its silent end. */
  #isAudible({ reply, audible }: { readonly reply: number; readonly audible: boolean }): boolean {
    return audible || reply === this.#audibleReply;
  }

  #statsOfCall(stats: PlaybackStats): AudioStats {
    const counters = { ...this.#counters };
    for (const name of Object.keys(counters) as Counter[])
      counters[name] = this.#countersBefore[name] + stats[name];
    this.#counters = counters;
    return { ...stats, ...counters, captureDelayMs: this.#captureDelay.read() };
  }

  #playAgain(pieces: readonly UnheardPiece[]): void {
    for (const piece of pieces) {
      if (piece.type === 'sound') this.play(piece.reply, piece.bytes);
      else this.completeReply(piece.reply);
    }
  }

  #post(message: SessionToWorklet, transfer: Transferable[] = []): void {
    this.#port.postMessage(message, transfer);
  }
}

function noCounters(): Record<Counter, number> {
  return {
    underruns: 0,
    concealedMs: 0,
    droppedSilenceMs: 0,
    insertedSilenceMs: 0,
    overflowMs: 0,
    ducks: 0,
    falseDucks: 0,
  };
}
