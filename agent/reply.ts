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
  /** Linear gain. */
  readonly gain: number;
  /** Silence before the speech. */
  readonly leadMs: number;
  readonly speed: number;
  readonly oddBytes: boolean;
  /** Announces the words after the audio instead of with the first audible frame. */
  readonly lateWords: boolean;
  /**
   * `silent`: silence without a transcript; `unspoken`: silence with a transcript; `written`: a transcript and no audio
   * messages; `failed`: an error instead of both.
   */
  readonly kind: 'spoken' | 'silent' | 'unspoken' | 'written' | 'failed';
  /** Whether the error of a `failed` reply says `retryable`. */
  readonly retryable: boolean;
  /** Whether `reply.done` has a `status`. The service often omits it for a complete reply. */
  readonly statesCompletion: boolean;
  readonly send: (message: ServerMessage) => void;
  /** Called once, after the last message of a reply that was not stopped or interrupted. */
  readonly onDone: () => void;
}

const TAIL_MS = 80;
/** Duration of a written or failed reply. */
const WITHOUT_AUDIO_MS = 200;

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
      // Later, so that `onDone` never runs before the caller knows of the reply.
      this.#cancelTimer = clock.after(WITHOUT_AUDIO_MS / speed, () => this.#finish());
      return;
    }
    const bytes = engine.encode(encoding, this.#sound());
    this.#stream = new AudioStream({
      clock,
      encoding,
      bytes,
      speed,
      oddBytes,
      onFrame: (frame, endMs) => this.#sendFrame(frame, endMs),
      onEnd: () => this.#finish(),
    });
  }

  /** Ends the reply early and sends the words spoken so far. */
  interrupt(): void {
    this.stop();
    const spokenMs = (this.#stream?.sentMs ?? 0) - this.#options.leadMs;
    const { kind, speech } = this.#options;
    const words = kind === 'spoken' ? speech.words : [];
    const text = words.filter(({ startMs }) => startMs < spokenMs).map((word) => word.text);
    this.#sendTranscript(text.join(' '), true);
    this.#send('reply.done', { status: 'interrupted' });
  }

  /** Ends the reply without sending anything, for example after a dropped connection. */
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
    // Some words end with a space and some do not, as on the live service.
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
      code: 'provider_error',
      message: 'The language model did not answer.',
      retryable: this.#options.retryable,
      status_code: 503,
      provider_code: 'overloaded',
      provider_param: null,
    });
  }

  #send(type: string, fields: Readonly<Record<string, unknown>>): void {
    this.#options.send({ type, reply_id: this.#options.replyId, ...fields });
  }
}
