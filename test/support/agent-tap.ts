import type { AgentEventEmitter } from '../../agent/events.js';
import type { AudioEncoding } from '../../src/audio-encoding.js';
import type { Sound } from './wav.js';
import { decodeWireAudio } from './wire-audio.js';

/** One reply of the local agent on the wire. */
export class TappedReply {
  readonly replyId: string;
  readonly startedAtEpochMs: number;
  readonly #frames: { readonly atEpochMs: number; readonly bytes: Uint8Array }[] = [];

  constructor(replyId: string, startedAtEpochMs: number) {
    this.replyId = replyId;
    this.startedAtEpochMs = startedAtEpochMs;
  }

  add(atEpochMs: number, bytes: Uint8Array): void {
    this.#frames.push({ atEpochMs, bytes });
  }

  /** Everything that was sent, decoded by the reference tables. */
  sound(encoding: AudioEncoding): Sound {
    return decodeWireAudio(encoding, Buffer.concat(this.#frames.map(({ bytes }) => bytes)));
  }

  /** Largest delay of a frame against a steady pace that begins with the earliest. */
  get worstLatenessMs(): number {
    const bytesTotal = this.#frames.reduce((sum, { bytes }) => sum + bytes.length, 0);
    const [first, last] = [this.#frames[0], this.#frames.at(-1)];
    if (first === undefined || last === undefined || first === last) return 0;
    const msPerByte = (last.atEpochMs - first.atEpochMs) / (bytesTotal - last.bytes.length);
    let sentBytes = 0;
    const offsets = this.#frames.map(({ atEpochMs, bytes }) => {
      const dueMs = sentBytes * msPerByte;
      sentBytes += bytes.length;
      return atEpochMs - dueMs;
    });
    return Math.max(...offsets) - Math.min(...offsets);
  }
}

/** Records the messages between the local agent and its client, with their times. */
export class AgentTap {
  readonly replies: TappedReply[] = [];
  readonly #input: Uint8Array[] = [];

  constructor(events: AgentEventEmitter) {
    events.on('client-message', ({ message }) => {
      if (message?.type === 'input.audio') this.#input.push(Buffer.from(message.audio, 'base64'));
    });
    events.on('server-message', ({ message, atMs }) => {
      if (message.type === 'reply.started') {
        this.replies.push(new TappedReply(String(message.reply_id), atMs));
      } else if (message.type === 'reply.audio') {
        this.replies.at(-1)?.add(atMs, Buffer.from(String(message.data), 'base64'));
      }
    });
  }

  /** All microphone sound, decoded by the reference tables. */
  input(encoding: AudioEncoding): Sound {
    return decodeWireAudio(encoding, Buffer.concat(this.#input));
  }
}
