import type { AudioEncoding } from '../../src/audio-encoding.js';
import type { AudioSink } from '../../src/session/audio-sink.js';

export type SinkAction =
  | { readonly type: 'format'; readonly input: AudioEncoding; readonly output: AudioEncoding }
  | { readonly type: 'play'; readonly reply: number; readonly bytes: number }
  | { readonly type: 'complete'; readonly reply: number }
  | { readonly type: 'flush'; readonly last: number }
  | { readonly type: 'hold' | 'release' }
  | { readonly type: 'give-way'; readonly allowed: boolean }
  | { readonly type: 'turn-down'; readonly gainDb: number };

/** A sink that writes down what it is asked for. */
export class RecordedSink implements AudioSink {
  readonly actions: SinkAction[] = [];

  get types(): string[] {
    return this.actions.map((action) => action.type);
  }

  /** Bytes that were to be played, by reply. */
  playedBytes(reply: number): number {
    return this.actions.reduce(
      (sum, action) => sum + (action.type === 'play' && action.reply === reply ? action.bytes : 0),
      0,
    );
  }

  formats: AudioSink['formats'] = { input: 'audio/pcm', output: 'audio/pcm' };
  /** What was heard on another page, by reply. */
  readonly heardBefore = new Map<number, number>();
  readonly #sound = new Map<number, Uint8Array[]>();

  unheard(reply: number): readonly Uint8Array[] {
    return this.#sound.get(reply) ?? [];
  }
  wasHeard(reply: number, heardMs: number): void {
    this.heardBefore.set(reply, heardMs);
  }
  setFormat(input: AudioEncoding, output: AudioEncoding): void {
    this.actions.push({ type: 'format', input, output });
  }
  play(reply: number, bytes: Uint8Array): void {
    this.actions.push({ type: 'play', reply, bytes: bytes.length });
    this.#sound.set(reply, [...this.unheard(reply), bytes.slice()]);
  }
  completeReply(reply: number): void {
    this.actions.push({ type: 'complete', reply });
  }
  flush(last = Infinity): void {
    this.actions.push({ type: 'flush', last });
  }
  hold(): void {
    this.actions.push({ type: 'hold' });
  }
  release(): void {
    this.actions.push({ type: 'release' });
  }
  allowGivingWay(allowed: boolean): void {
    this.actions.push({ type: 'give-way', allowed });
  }

  turnDown(gainDb: number): void {
    this.actions.push({ type: 'turn-down', gainDb });
  }
}
