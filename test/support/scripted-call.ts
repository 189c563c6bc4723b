import { setTimeout as delay } from 'node:timers/promises';
import type { RawData, WebSocket } from 'ws';
import { isAudioEncoding, type AudioEncoding } from '../../src/audio-encoding.js';
import { concatenate, makeSilence } from './tones.js';
import type { Sound } from './wav.js';
import { decodeWireAudio, encodeWireAudio } from './wire-audio.js';

/**
 * `polite`: answers `session.update` with `session.updated` and `session.ready`, `session.end` with `session.ended`.
 * `unauthorized`: accepts the connection, sends the error, closes with 1008. `refuse`: refuses the upgrade with 401.
 * `mute`: says nothing at all.
 */
export type Manners = 'polite' | 'unauthorized' | 'refuse' | 'mute';

export type WireMessage = Readonly<Record<string, unknown>> & { readonly type: string };

export interface Received {
  /** `Date.now()` of its arrival. */
  readonly atEpochMs: number;
  readonly message: WireMessage;
}

export interface Packet {
  readonly atEpochMs: number;
  readonly bytes: Uint8Array;
}

export interface ScriptedReply {
  readonly replyId: string;
  /** At the rate of the output encoding. */
  readonly sound: Sound;
  /** Silent samples before the sound, as the service sends them. Default 200. */
  readonly leadMs?: number;
  /** Default 10. */
  readonly frameMs?: number;
  /**
   * How much of the sound is sent before its time. Default 0: real-time pace, as the service. With a second or more a server
   * that could not run for a moment causes no gap.
   */
  readonly aheadMs?: number;
  readonly text?: string;
}

/** A reply under way. */
export interface Speech {
  readonly reply: ScriptedReply;
  /** Frames sent so far, with their times. */
  readonly sentAtEpochMs: readonly number[];
  /** Largest delay of a frame against real-time pace: what the machine did to the server, not the client. */
  worstLatenessMs: number;
  /** Settles when the last frame was sent, or the call was cut. */
  readonly finished: Promise<void>;
  /** Sends that much more of the sound, at its pace, and then nothing more, not even `reply.done`. */
  endAfter(soundMs: number): void;
}

/** Settles at a time of the wall clock. */
export async function untilEpochMs(epochMs: number): Promise<void> {
  while (Date.now() < epochMs) await delay(epochMs - Date.now());
}

const WAIT_MS = 60_000;

/** One connection, seen from the server. */
export class ScriptedCall {
  readonly token: string | null;
  readonly received: Received[] = [];
  /** Microphone sound, as it came. */
  readonly packets: Packet[] = [];
  inputEncoding: AudioEncoding = 'audio/pcm';
  outputEncoding: AudioEncoding = 'audio/pcm';
  readonly sessionId: string;
  /** `Date.now()` when the connection was made. */
  readonly openedAtEpochMs = Date.now();
  /** Settles with the close code when the connection is gone. */
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

  /** @returns `Date.now()` just before it was handed to the socket. */
  send(message: WireMessage): number {
    const atEpochMs = Date.now();
    this.#socket.send(JSON.stringify({ ...message, timestamp: atEpochMs / 1000 }));
    return atEpochMs;
  }

  close(code: number): void {
    this.#socket.close(code);
  }

  /** Cuts the connection as a broken network does. */
  drop(): void {
    this.#socket.terminate();
  }

  /** The first message of that type, when it has come. */
  message(type: string): Promise<Received> {
    return this.until(`a "${type}" message`, () =>
      this.received.find(({ message }) => message.type === type),
    );
  }

  /**
   * Waits until a condition on what has been received holds; looked at on every message.
   *
   * @throws Error when it does not within a minute.
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

  /** Waits for microphone sound of at least that length. */
  async inputOfAtLeast(durationMs: number): Promise<Sound> {
    return this.until(`${durationMs} ms of sound`, () => {
      const sound = this.input();
      return (sound.samples.length / sound.rateHz) * 1000 >= durationMs ? sound : undefined;
    });
  }

  /** All microphone sound so far, decoded by the reference tables. */
  input(): Sound {
    return decodeWireAudio(this.inputEncoding, Buffer.concat(this.packets.map(({ bytes }) => bytes)));
  }

  /** Starts a reply: the lead of silence and the sound at real-time pace, then the transcript and `reply.done`. */
  say(reply: ScriptedReply): Speech {
    const sentAtEpochMs: number[] = [];
    const limit = { frames: Infinity };
    const { frameMs = 10 } = reply;
    const speech = {
      ...{ reply, sentAtEpochMs, worstLatenessMs: 0, finished: Promise.resolve() },
      endAfter: (soundMs: number) =>
        void (limit.frames = sentAtEpochMs.length + Math.round(soundMs / frameMs)),
    };
    speech.finished = this.#stream(speech, sentAtEpochMs, limit);
    return speech;
  }

  /**
   * Announces an interruption as the service was seen to: three messages at once, while frames of the reply that were
   * under way still come for a while.
   *
   * @param options `lateMs`: how much sound comes after the announcement; 150 by default.
   * @returns `Date.now()` just before the first message.
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
