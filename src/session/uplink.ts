/**
 * Sends microphone packets to the server, in order and in real time. Packets that cannot be sent now wait, up to a
 * limit; beyond that the oldest is dropped, because audio that is seconds late is useless.
 */
import { AUDIO_ENCODINGS, type AudioEncoding } from '../audio-encoding.js';
import type { ClientMessage } from '../protocol/messages.js';
import { bytesOf } from './byte-count.js';

/** Audio kept from a gap in the connection, or from before it, for the next session. */
export const GAP_MS = 3_000;
/**
 * The same after the system reported that it is offline: detecting a dead connection and restoring it may take this
 * long.
 */
const DOUBT_MS = 10_000;
/** A slow round trip to the server. */
const ROUND_TRIP_MS = 1_000;
/** Audio that waits for a slow network before the oldest is dropped. */
const CONGESTION_MS = 1_000;
/** Audio that may wait at the socket before packets are held back: `session.end` has to wait behind it. */
export const SOCKET_MS = 250;
/**
 * Queued audio is sent at this multiple of real time: the highest rate observed to be accepted. The service documents
 * that it drops audio that is much faster than real time, so pauses are removed first.
 */
const CATCH_UP = 3;
/** How much of a pause in the gap is sent: words stay apart, and there is less to catch up with. */
const PAUSE_PACKETS = 4;
/** Packets below this level (RMS, linear), or below this fraction of the loudest queued one, are silence. */
const SILENT_LEVEL = 0.002;
const SILENT_PART = 0.05;

interface Packet {
  readonly bytes: Uint8Array;
  readonly level: number;
}

/** Where packets go while a session runs: the same way as every other message. */
export interface Wire {
  send(message: ClientMessage): void;
  /** Bytes sent that the network has not accepted yet. */
  readonly bufferedBytes: number;
}

/** The result of adding a packet of the microphone. */
export interface PushOutcome {
  /** The network accepted some audio. */
  readonly taken: boolean;
  /** Dropped packets. */
  readonly dropped: number;
}

export class Uplink {
  #queue: Packet[] = [];
  /** Packets recently handed to the socket, in case the connection dies with them in its buffer. */
  #sent: Packet[] = [];
  /** Dropped since the network last accepted something. If the connection proves dead, they belong to the gap. */
  #dropped: Packet[] = [];
  #bytesPerMs = 48;
  #encoding: AudioEncoding = 'audio/pcm';
  #wire: Wire | undefined;
  #isClosed = false;
  /** The queued packets from a gap: they may wait although the connection is back. */
  #gapBytes = 0;
  /** Bytes sent since the system reported that it is offline, without those that have arrived; undefined otherwise. */
  #doubtedBytes: number | undefined;
  /** With those. */
  #reportedBytes = 0;
  packetsSent = 0;
  packetsDropped = 0;

  setEncoding(encoding: AudioEncoding): void {
    const { rateHz, bytesPerSample } = AUDIO_ENCODINGS[encoding];
    if (encoding !== this.#encoding) this.forget();
    this.#encoding = encoding;
    this.#bytesPerMs = (rateHz * bytesPerSample) / 1_000;
  }

  /** `session.ready`: queued packets go first, then new ones. */
  open(wire: Wire): void {
    this.#wire = wire;
    this.#doubtedBytes = undefined;
    this.#leaveOutPauses();
    this.#gapBytes = bytesOf(this.#queue);
  }

  /** The system reports that it is offline: perhaps nothing that is sent from now on arrives. */
  doubt(): void {
    this.#doubtedBytes ??= 0;
    this.#reportedBytes = 0;
  }

  /**
   * A message from the server: what was sent more than a round trip before it has arrived. If the connection would have been found
   * dead by now, the report was false.
   */
  trust(): void {
    if (this.#doubtedBytes === undefined) return;
    if (this.#reportedBytes > DOUBT_MS * this.#bytesPerMs) this.#doubtedBytes = undefined;
    else this.#doubtedBytes = Math.min(this.#doubtedBytes, ROUND_TRIP_MS * this.#bytesPerMs);
  }

  /** The connection is lost. What its socket had not sent yet waits for the next one. */
  interrupt(unsentSocketBytes: number): void {
    this.#wire = undefined;
    this.packetsDropped -= this.#dropped.length;
    this.#queue.unshift(...this.#dropped);
    // The socket counts base64 and JSON; the packets are three quarters of that.
    let lostBytes = Math.max(unsentSocketBytes * 0.75, this.#doubtedBytes ?? 0);
    for (let packet; lostBytes > 0 && (packet = this.#sent.pop()); this.packetsSent--) {
      lostBytes -= packet.bytes.length;
      this.#queue.unshift(packet);
    }
    this.#dropped = [];
    this.#sent = [];
  }

  close(): void {
    this.#isClosed = true;
    this.forget();
  }

  /** How much is kept while nothing, or perhaps nothing, arrives. */
  get #keptMs(): number {
    return this.#doubtedBytes === undefined ? GAP_MS : DOUBT_MS;
  }

  /** Discards all packets. */
  forget(): void {
    this.#queue = [];
    this.#dropped = [];
    this.#sent = [];
  }

  /** @param level RMS of its audio, linear */
  push(bytes: Uint8Array, level: number): PushOutcome {
    if (this.#isClosed) return { taken: false, dropped: 0 };
    this.#queue.push({ bytes, level });
    const taken = this.#drain();
    const isAway = !this.#wire || this.#doubtedBytes !== undefined;
    const limitMs = isAway ? this.#keptMs : CONGESTION_MS;
    const dropped = this.#trim(Math.max(this.#gapBytes, limitMs * this.#bytesPerMs));
    if (isAway) this.#gapBytes = bytesOf(this.#queue);
    return { taken, dropped };
  }

  /** @returns whether the network accepted something */
  #drain(): boolean {
    const wire = this.#wire;
    if (!wire) return false;
    const limitBytes = (SOCKET_MS * this.#bytesPerMs) / 0.75;
    let sent = 0;
    for (; sent < CATCH_UP && wire.bufferedBytes < limitBytes; sent++) {
      const packet = this.#queue.shift();
      if (!packet) break;
      wire.send({ type: 'input.audio', audio: packet.bytes });
      this.packetsSent++;
      this.#dropped = [];
      this.#keepSent(packet);
    }
    this.#gapBytes = Math.min(this.#gapBytes, bytesOf(this.#queue));
    return sent > 0;
  }

  #keepSent(packet: Packet): void {
    this.#sent.push(packet);
    this.#reportedBytes += packet.bytes.length;
    if (this.#doubtedBytes !== undefined) this.#doubtedBytes += packet.bytes.length;
    while (bytesOf(this.#sent) > this.#keptMs * this.#bytesPerMs) this.#sent.shift();
  }

  #leaveOutPauses(): void {
    const loudest = Math.max(...this.#queue.map(({ level }) => level));
    const silentLevel = Math.max(SILENT_LEVEL, loudest * SILENT_PART);
    let pause = 0;
    this.#queue = this.#queue.filter(({ level }) => {
      pause = level < silentLevel ? pause + 1 : 0;
      return pause <= PAUSE_PACKETS;
    });
  }

  /** @returns the number of dropped packets */
  #trim(limitBytes: number): number {
    let count = 0;
    for (let packet; bytesOf(this.#queue) > limitBytes && (packet = this.#queue.shift()); count++) {
      // Nothing more of the gap can be kept.
      if (this.#wire) this.#dropped.push(packet);
    }
    this.packetsDropped += count;
    return count;
  }
}
