/** One reply of the agent, from `reply.started` to `reply.done`. */
import type { Engine } from '../src/engine/create-engine.js';
import { AudioStream } from './audio-stream.js';
import type { Encoding } from './encodings.js';
import type { Clock } from './clock.js';
import type { ServerMessage } from './protocol.js';
import type { Speech, SpokenWord } from './voice.js';

export interface ReplyOptions {
  readonly clock: Clock;
  readonly replyId: string;
  readonly itemId: string;
  readonly text: string;
  readonly speech: Speech;
  readonly encoding: Encoding;
  readonly engine: Pick<Engine, 'encode'>;
  /** Linear. */
  readonly gain: number;
  /** Silence before the speech. */
  readonly leadMs: number;
  readonly speed: number;
  readonly oddBytes: boolean;
  /** The words are announced after the sound instead of with the first audible frame. */
  readonly lateWords: boolean;
  /**
   * `silent`: no sound, no transcript; `unspoken`: no sound, but a transcript as if there had been; `written`: a transcript,
   * and no messages of sound; `failed`: an error in place of both.
   */
  readonly kind: 'spoken' | 'silent' | 'unspoken' | 'written' | 'failed';
  /** What a `failed` one says about another try. */
  readonly retryable: boolean;
  /** The service often leaves `status` out of a reply that went well. */
  readonly statesCompletion: boolean;
  readonly send: (message: ServerMessage) => void;
  /** Called once, after the last message of a reply that was not stopped or interrupted. */
  readonly onDone: () => void;
}

const TAIL_MS = 80;
/** A written or failed reply takes this long. */
const FIRST_WORD_MS = 200;

export class Reply {
  readonly #options: ReplyOptions;
  #stream: AudioStream | undefined;
  #cancelTimer: () => void = () => {};
  #wordsSent = false;

  constructor(options: ReplyOptions) {
    this.#options = options;
  }

  /** Sends `reply.started` and the first frame. */
  start(): void {
    const { clock, encoding, engine, oddBytes, speed } = this.#options;
    this.#send('reply.started', { item_id: this.#options.itemId });
    if (this.#options.kind === 'written' || this.#options.kind === 'failed') {
      // Later, so that nothing is said before its beginning is known to others.
      this.#cancelTimer = clock.after(FIRST_WORD_MS / speed, () => this.#finish());
      return;
    }
    const bytes = engine.encode(encoding, this.#sound());
    this.#stream = new AudioStream({
      ...{ clock, encoding, bytes, speed, oddBytes },
      onFrame: (frame, endMs) => this.#sendFrame(frame, endMs),
      onEnd: () => this.#finish(),
    });
  }

  /** Says what was spoken by now and that this was all. */
  interrupt(): void {
    this.stop();
    const spokenMs = (this.#stream?.sentMs ?? 0) - this.#options.leadMs;
    const { kind, speech } = this.#options;
    const words = kind === 'spoken' ? speech.words : [];
    const text = words.filter(({ startMs }) => startMs < spokenMs).map((word) => word.text);
    this.#sendTranscript(text.join(' '), true);
    this.#send('reply.done', { status: 'interrupted' });
  }

  /** Ends it without a word, as when the connection is gone. */
  stop(): void {
    this.#cancelTimer();
    this.#stream?.stop();
  }

  #sound(): Float32Array {
    const { gain, kind, leadMs, speech } = this.#options;
    const leadFrames = Math.round((leadMs / 1000) * speech.rateHz);
    const tailFrames = Math.round((TAIL_MS / 1000) * speech.rateHz);
    const samples = new Float32Array(leadFrames + speech.samples.length + tailFrames);
    if (kind === 'spoken')
      speech.samples.forEach((sample, index) => (samples[leadFrames + index] = sample * gain));
    return samples;
  }

  #sendFrame(frame: Uint8Array, endMs: number): void {
    this.#send('reply.audio', { data: Buffer.from(frame).toString('base64') });
    if (endMs > this.#options.leadMs && !this.#options.lateWords) this.#sendWords();
  }

  #sendWords(): void {
    if (this.#wordsSent || this.#options.kind === 'silent') return;
    this.#wordsSent = true;
    this.#options.speech.words.forEach((word, index) => this.#sendWord(word, index));
  }

  #sendWord({ text, startMs, endMs }: SpokenWord, index: number): void {
    // Some words come with a space behind them and some without, as on the live service.
    const delta = index % 4 === 3 ? text : `${text} `;
    const { itemId } = this.#options;
    this.#send('transcript.agent.delta', { item_id: itemId, delta, start_ms: startMs, end_ms: endMs });
  }

  #sendTranscript(text: string, interrupted: boolean): void {
    this.#send('transcript.agent', { item_id: this.#options.itemId, text, interrupted });
  }

  #finish(): void {
    const { kind, onDone, statesCompletion, text } = this.#options;
    if (kind === 'failed') this.#sendError();
    else this.#sendWords();
    if (kind !== 'silent' && kind !== 'failed') this.#sendTranscript(text, false);
    this.#send('reply.done', statesCompletion ? { status: 'completed' } : {});
    onDone();
  }

  #sendError(): void {
    this.#send('reply.error', {
      ...{ code: 'provider_error', message: 'The language model did not answer.' },
      ...{
        retryable: this.#options.retryable,
        status_code: 503,
        provider_code: 'overloaded',
        provider_param: null,
      },
    });
  }

  #send(type: string, fields: Readonly<Record<string, unknown>>): void {
    this.#options.send({ type, reply_id: this.#options.replyId, ...fields });
  }
}
