/**
 * Microphone packets on their way to the server, in order and at the pace they were spoken. What cannot be sent now
 * waits, up to a bound; past that the oldest goes, since a listener that is seconds behind helps nobody.
 */
import { AUDIO_ENCODINGS, type AudioEncoding } from '../audio-encoding.js';
import type { ClientMessage } from '../protocol/messages.js';

/** Sound kept from a gap in the connection, or from before there is one, for the session that follows. */
export const GAP_MS = 3_000;
/**
 * The same where the system said first that there is no network: it may take this long until the connection is found dead
 * and there is another one.
 */
const DOUBT_MS = 10_000;
/** A slow way to the server and back. */
const ROUND_TRIP_MS = 1_000;
/** Sound that waits for a network that is too slow, before the oldest is dropped. */
const CONGESTION_MS = 1_000;
/** Sound that may wait at the socket before packets are held back: a goodbye has to wait behind it. */
export const SOCKET_MS = 250;
/**
 * What waited is sent at this multiple of the pace it was spoken at: the most that was seen to be taken. The service is
 * documented to drop sound that comes much faster than it is spoken, so pauses are left out before.
 */
const CATCH_UP = 3;
/** Of a pause in the gap this much is sent: words stay apart, and less is left to be caught up with. */
const PAUSE_PACKETS = 4;
/** Packets below this level (RMS, linear), or this part of the loudest one that waits, are silence. */
const SILENT_LEVEL = 0.002;
const SILENT_PART = 0.05;

interface Packet {
  readonly bytes: Uint8Array;
  readonly level: number;
}

/** Where packets go while a session is up: the same way as every other message. */
export interface Wire {
  send(message: ClientMessage): void;
  /** Bytes that were sent and that the network has not taken yet. */
  readonly bufferedBytes: number;
}

/** What became of the microphone's sound when one more packet came. */
export interface PushOutcome {
  /** The network took some of it. */
  readonly taken: boolean;
  /** Packets that had to be dropped. */
  readonly dropped: number;
}

export class Uplink {
  #queue: Packet[] = [];
  #queuedBytes = 0;
  /** Packets handed to the socket lately, for a connection that dies with them in its buffer. */
  readonly #sent: Packet[] = [];
  #sentBytes = 0;
  /** Dropped since the network took something: if it is dead, as is soon found out, they belong to the gap. */
  readonly #dropped: Packet[] = [];
  #bytesPerMs = 48;
  #wire: Wire | undefined;
  #isClosed = false;
  /** Of the queue, what was spoken in a gap: it may wait although the connection is up again. */
  #gapBytes = 0;
  /** Bytes sent since the system said that there is no network; undefined without such a doubt. */
  #doubtedBytes: number | undefined;
  /** How much is kept while nothing, or perhaps nothing, arrives. */
  #keptMs = GAP_MS;
  packetsSent = 0;
  packetsDropped = 0;

  setEncoding(encoding: AudioEncoding): void {
    const { rateHz, bytesPerSample } = AUDIO_ENCODINGS[encoding];
    const bytesPerMs = (rateHz * bytesPerSample) / 1_000;
    if (bytesPerMs !== this.#bytesPerMs) this.#clear();
    this.#bytesPerMs = bytesPerMs;
  }

  /** `session.ready`: what waited goes first, then what comes. */
  open(wire: Wire): void {
    this.#wire = wire;
    this.#doubtedBytes = undefined;
    this.#keptMs = GAP_MS;
    this.#leaveOutPauses();
    this.#gapBytes = this.#queuedBytes;
  }

  /** The system says that there is no network: perhaps nothing that is sent from now on arrives. */
  doubt(): void {
    this.#doubtedBytes ??= 0;
    this.#keptMs = DOUBT_MS;
  }

  /** The server has said something: what was sent before that, and a way there and back, has arrived. */
  trust(): void {
    if (this.#doubtedBytes === undefined) return;
    this.#doubtedBytes = Math.min(this.#doubtedBytes, ROUND_TRIP_MS * this.#bytesPerMs);
  }

  /** The connection is gone. What its socket had not taken yet waits for the next one. */
  interrupt(unsentSocketBytes: number): void {
    this.#wire = undefined;
    this.packetsDropped -= this.#dropped.length;
    this.#requeue(this.#dropped, Infinity);
    // The socket counts base64 and JSON; the packets are three quarters of that.
    const lostBytes = Math.max(unsentSocketBytes * 0.75, this.#doubtedBytes ?? 0);
    this.packetsSent -= this.#requeue(this.#sent, lostBytes);
    this.#doubtedBytes = undefined;
    this.#sent.length = 0;
    this.#sentBytes = 0;
  }

  close(): void {
    this.#wire = undefined;
    this.#isClosed = true;
    this.#clear();
  }

  /** Nobody is to hear what waits. */
  forget(): void {
    this.#clear();
  }

  /** @param level RMS of the sound in it, linear. */
  push(bytes: Uint8Array, level: number): PushOutcome {
    if (this.#isClosed) return { taken: false, dropped: 0 };
    this.#queue.push({ bytes, level });
    this.#queuedBytes += bytes.length;
    const taken = this.#drain();
    const isAway = !this.#wire || this.#doubtedBytes !== undefined;
    const limitMs = isAway ? this.#keptMs : CONGESTION_MS;
    const dropped = this.#trim(Math.max(this.#gapBytes, limitMs * this.#bytesPerMs));
    if (isAway) this.#gapBytes = this.#queuedBytes;
    return { taken, dropped };
  }

  /** @returns whether the network took something. */
  #drain(): boolean {
    const wire = this.#wire;
    if (!wire) return false;
    const limitBytes = (SOCKET_MS * this.#bytesPerMs) / 0.75;
    let sent = 0;
    for (; sent < CATCH_UP && wire.bufferedBytes < limitBytes; sent++) {
      const packet = this.#queue.shift();
      if (!packet) break;
      this.#queuedBytes -= packet.bytes.length;
      wire.send({ type: 'input.audio', audio: packet.bytes });
      this.packetsSent++;
      this.#dropped.length = 0;
      this.#keepSent(packet);
    }
    this.#gapBytes = Math.min(this.#gapBytes, this.#queuedBytes);
    return sent > 0;
  }

  #keepSent(packet: Packet): void {
    const { length } = packet.bytes;
    this.#sent.push(packet);
    this.#sentBytes += length;
    if (this.#doubtedBytes !== undefined) this.#doubtedBytes += length;
    while (this.#sentBytes > this.#keptMs * this.#bytesPerMs)
      this.#sentBytes -= this.#sent.shift()?.bytes.length ?? this.#sentBytes;
  }

  /** The latest of these, about so many bytes, wait again before all others. @returns how many. */
  #requeue(packets: Packet[], bytes: number): number {
    let count = 0;
    for (let left = bytes; left > 0; count++) {
      const packet = packets.pop();
      if (!packet) break;
      left -= packet.bytes.length;
      this.#queue.unshift(packet);
      this.#queuedBytes += packet.bytes.length;
    }
    return count;
  }

  #leaveOutPauses(): void {
    const loudest = Math.max(...this.#queue.map(({ level }) => level));
    const silentLevel = Math.max(SILENT_LEVEL, loudest * SILENT_PART);
    let pause = 0;
    this.#queue = this.#queue.filter(({ level }) => {
      pause = level < silentLevel ? pause + 1 : 0;
      return pause <= PAUSE_PACKETS;
    });
    this.#queuedBytes = this.#queue.reduce((sum, { bytes }) => sum + bytes.length, 0);
  }

  #trim(limitBytes: number): number {
    const before = this.packetsDropped;
    while (this.#queuedBytes > limitBytes) {
      const packet = this.#queue.shift()!;
      this.#queuedBytes -= packet.bytes.length;
      this.packetsDropped++;
      // Of a gap nothing more can be kept.
      if (this.#wire) this.#dropped.push(packet);
    }
    return this.packetsDropped - before;
  }

  #clear(): void {
    this.#queue.length = 0;
    this.#queuedBytes = 0;
    this.#gapBytes = 0;
    this.#dropped.length = 0;
    this.#sent.length = 0;
    this.#sentBytes = 0;
  }
}
