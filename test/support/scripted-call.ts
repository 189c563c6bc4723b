import { setTimeout as delay } from 'node:timers/promises';
import type { RawData, WebSocket } from 'ws';
import { isAudioEncoding, type AudioEncoding } from '../../src/audio-encoding.js';
import { concatenate, makeSilence } from './tones.js';
import type { Sound } from './wav.js';
import { decodeWireAudio, encodeWireAudio } from './wire-audio.js';

/**
 * How a server behaves.
 *
 * - `polite`: answers `session.update` with `session.updated` and `session.ready`, `session.end` with `session.ended`.
 * - `unauthorized`: accepts the connection, sends the error, closes with 1008.
 * - `refuse`: refuses the upgrade with 401.
 * - `mute`: accepts the connection and sends nothing.
 */
export type Manners = 'polite' | 'unauthorized' | 'refuse' | 'mute';

/** A message as JSON: audio is base64. */
export type WireMessage = Readonly<Record<string, unknown>> & { readonly type: string };

/** A message of the client. */
export interface Received {
  /** `Date.now()` of its arrival. */
  readonly atEpochMs: number;
  readonly message: WireMessage;
}

/** Microphone audio of one message. */
export interface Packet {
  /** `Date.now()` of its arrival. */
  readonly atEpochMs: number;
  /** In the input encoding. */
  readonly bytes: Uint8Array;
}

/** A reply to send. */
export interface ScriptedReply {
  readonly replyId: string;
  /** At the rate of the output encoding. */
  readonly sound: Sound;
  /** Silence before the sound, as the service sends it. Default 200. */
  readonly leadMs?: number;
  /** Length of the audio in one message. Default 10. */
  readonly frameMs?: number;
  /**
   * How far ahead of real time the audio is sent. Default 0, like the service. With a second or more, a test machine that
   * stops for a moment causes no gap.
   */
  readonly aheadMs?: number;
  /** The transcript; its words are spread evenly over the sound. Default: none. */
  readonly text?: string;
}

/** A reply that is being sent. */
export interface Speech {
  readonly reply: ScriptedReply;
  /** Frames sent so far, with their times. */
  readonly sentAtEpochMs: readonly number[];
  /** Largest delay of a frame against real-time pace, which this machine caused, not the client. */
  worstLatenessMs: number;
  /** Resolves when the last frame was sent, or the connection was lost. */
  readonly finished: Promise<void>;
  /** Sends this much more of the sound, at its pace, and then nothing more, not even `reply.done`. */
  endAfter(soundMs: number): void;
}

/** Resolves at this time of the wall clock. */
export async function untilEpochMs(epochMs: number): Promise<void> {
  while (Date.now() < epochMs) await delay(epochMs - Date.now());
}

const WAIT_MS = 60_000;

/** One connection, seen from the server. */
export class ScriptedCall {
  readonly token: string | null;
  readonly received: Received[] = [];
  /** Microphone audio, in the order of its arrival. */
  readonly packets: Packet[] = [];
  inputEncoding: AudioEncoding = 'audio/pcm';
  outputEncoding: AudioEncoding = 'audio/pcm';
  readonly sessionId: string;
  /** `Date.now()` when the connection was made. */
  readonly openedAtEpochMs = Date.now();
  /** Resolves with the close code when the connection has closed. */
  readonly closed: Promise<number>;
  readonly #socket: WebSocket;
  readonly #manners: Manners;
  readonly #watchers = new Set<() => void>();

  constructor(socket: WebSocket, token: string | null, manners: Manners) {
    this.#socket = socket;
    this.#manners = manners;
    this.token = token;
    this.sessionId = `session-${Math.random().toString(36).slice(2)}`;
    this.closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('message', (data) => this.#onMessage(data));
    if (manners === 'unauthorized') {
      this.send({ type: 'session.error', code: 'unauthorized', message: 'Invalid or expired token' });
      socket.close(1008, 'unauthorized');
    }
  }

  /** @returns `Date.now()` just before the message was handed to the socket */
  send(message: WireMessage): number {
    const atEpochMs = Date.now();
    this.#socket.send(JSON.stringify({ ...message, timestamp: atEpochMs / 1000 }));
    return atEpochMs;
  }

  close(code: number): void {
    this.#socket.close(code);
  }

  /** Drops the connection without a closing handshake, like a failed network. */
  drop(): void {
    this.#socket.terminate();
  }

  /** Waits for the first message of this type. */
  message(type: string): Promise<Received> {
    return this.until(`a "${type}" message`, () =>
      this.received.find(({ message }) => message.type === type),
    );
  }

  /**
   * Waits for a condition, which is checked after every message.
   *
   * @param what names the condition in the error
   * @returns the first value of the condition that is neither undefined nor false
   * @throws {Error} if there is none within a minute
   */
  async until<T>(what: string, condition: () => T | undefined | false): Promise<T> {
    const { promise, resolve, reject } = withResolvers<T>();
    const watch = (): void => {
      const value = condition();
      if (value !== undefined && value !== false) resolve(value);
    };
    const types = () => [...new Set(this.received.map(({ message }) => message.type))].join(', ');
    const timer = setTimeout(
      () => reject(new Error(`The client did not send ${what} within ${WAIT_MS} ms; it sent: ${types()}.`)),
      WAIT_MS,
    );
    this.#watchers.add(watch);
    watch();
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      this.#watchers.delete(watch);
    }
  }

  /** Waits for at least this much microphone audio. */
  async inputOfAtLeast(durationMs: number): Promise<Sound> {
    return this.until(`${durationMs} ms of sound`, () => {
      const sound = this.input();
      return (sound.samples.length / sound.rateHz) * 1000 >= durationMs ? sound : undefined;
    });
  }

  /** All microphone audio so far, decoded by the reference tables. */
  input(): Sound {
    return decodeWireAudio(this.inputEncoding, Buffer.concat(this.packets.map(({ bytes }) => bytes)));
  }

  /** Starts a reply: silence and the sound at real-time pace, then the transcript and `reply.done`. */
  say(reply: ScriptedReply): Speech {
    const sentAtEpochMs: number[] = [];
    const limit = { frames: Infinity };
    const { frameMs = 10 } = reply;
    const speech = {
      reply,
      sentAtEpochMs,
      worstLatenessMs: 0,
      finished: Promise.resolve(),
      endAfter: (soundMs: number) =>
        void (limit.frames = sentAtEpochMs.length + Math.round(soundMs / frameMs)),
    };
    speech.finished = this.#stream(speech, sentAtEpochMs, limit);
    return speech;
  }

  /**
   * Announces an interruption as the service was observed to: three messages at once, followed for a moment by frames of
   * the interrupted reply.
   *
   * @param options `lateMs`: how much audio follows the announcement; default 150
   * @returns `Date.now()` just before the first message
   */
  interrupt(speech: Speech, { lateMs = 150 }: { readonly lateMs?: number } = {}): number {
    const { replyId, text = '' } = speech.reply;
    const atEpochMs = this.send({ type: 'input.speech.started' });
    this.send({
      type: 'transcript.agent',
      reply_id: replyId,
      item_id: `item-${replyId}`,
      text,
      interrupted: true,
    });
    this.send({ type: 'reply.done', reply_id: replyId, status: 'interrupted' });
    speech.endAfter(lateMs);
    return atEpochMs;
  }

  async #stream(speech: Speech, sentAtEpochMs: number[], limit: { readonly frames: number }): Promise<void> {
    const { replyId, sound, leadMs = 200, frameMs = 10, aheadMs = 0, text } = speech.reply;
    const whole = concatenate(makeSilence(leadMs, sound.rateHz), sound);
    const bytes = encodeWireAudio(this.outputEncoding, whole);
    const bytesPerMs = bytes.length / ((whole.samples.length / whole.rateHz) * 1000);
    const frameBytes = Math.round(bytesPerMs * frameMs);
    const startEpochMs = this.send({ type: 'reply.started', reply_id: replyId, item_id: `item-${replyId}` });
    for (let offset = 0; offset < bytes.length; offset += frameBytes) {
      const dueEpochMs = startEpochMs + Math.max(0, offset / bytesPerMs - aheadMs);
      await untilEpochMs(dueEpochMs);
      if (sentAtEpochMs.length >= limit.frames || this.#socket.readyState !== this.#socket.OPEN) return;
      const data = Buffer.from(bytes.subarray(offset, offset + frameBytes)).toString('base64');
      const atEpochMs = this.send({ type: 'reply.audio', reply_id: replyId, data });
      sentAtEpochMs.push(atEpochMs);
      speech.worstLatenessMs = Math.max(speech.worstLatenessMs, atEpochMs - dueEpochMs);
    }
    if (limit.frames !== Infinity) return;
    if (text !== undefined) this.#sendTranscript(speech.reply, text);
    this.send({ type: 'reply.done', reply_id: replyId, status: 'completed' });
  }

  #sendTranscript({ replyId, sound }: ScriptedReply, text: string): void {
    const words = text.split(' ');
    const wordMs = ((sound.samples.length / sound.rateHz) * 1000) / words.length;
    const ids = { reply_id: replyId, item_id: `item-${replyId}` };
    for (const [index, word] of words.entries()) {
      const times = { start_ms: Math.round(index * wordMs), end_ms: Math.round((index + 1) * wordMs) };
      this.send({ type: 'transcript.agent.delta', ...ids, delta: `${word} `, ...times });
    }
    this.send({ type: 'transcript.agent', ...ids, text, interrupted: false });
  }

  #onMessage(data: RawData): void {
    const atEpochMs = Date.now();
    const message = JSON.parse((data as Buffer).toString('utf8')) as WireMessage;
    this.received.push({ atEpochMs, message });
    if (message.type === 'input.audio') {
      this.packets.push({ atEpochMs, bytes: Buffer.from(String(message['audio']), 'base64') });
    }
    if (this.#manners === 'polite') this.#answer(message);
    for (const watch of [...this.#watchers]) watch();
  }

  #answer(message: WireMessage): void {
    if (message.type === 'session.update' && this.received.length === 1) {
      const config = (message['session'] ?? {}) as Record<
        string,
        { format?: { encoding?: unknown } } | undefined
      >;
      const { input, output } = config;
      if (isAudioEncoding(input?.format?.encoding)) this.inputEncoding = input.format.encoding;
      if (isAudioEncoding(output?.format?.encoding)) this.outputEncoding = output.format.encoding;
      this.send({ type: 'session.updated', config });
      this.send({ type: 'session.ready', session_id: this.sessionId, config });
    } else if (message.type === 'session.end') {
      this.send({ type: 'session.ended', session_duration_seconds: 1, audio_duration_seconds: null });
      this.#socket.close(1000);
    }
  }
}

function withResolvers<T>() {
  let resolve!: (value: T) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<T>((resolvePromise, rejectPromise) => {
    resolve = resolvePromise;
    reject = rejectPromise;
  });
  return { promise, resolve, reject };
}
