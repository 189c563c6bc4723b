/**
 * Microphone packets on their way to the server, in order and at the pace they were spoken. What cannot be sent now
 * waits, up to a bound; past that the oldest goes, since a listener that is seconds behind helps nobody.
 */
import { AUDIO_ENCODINGS, type AudioEncoding } from '../audio-encoding.js';
import { toBase64 } from '../protocol/base64.js';
import { encodeClientMessage } from '../protocol/codec.js';
import type { Transport } from './transport.js';

/** Sound kept from a gap in the connection, for the session that follows. */
const GAP_MS = 3_000;
/** Sound that may wait at the socket before packets are held back, and then before the oldest is dropped. */
const CONGESTION_MS = 1_000;
/** What waited is sent at this multiple of the pace it was spoken at: servers refuse sound that comes far too fast. */
const CATCH_UP = 4;

export class Uplink {
  readonly #queue: Uint8Array[] = [];
  #queuedBytes = 0;
  /** Packets handed to the socket lately, for a connection that dies with them in its buffer. */
  readonly #sent: Uint8Array[] = [];
  #sentBytes = 0;
  #bytesPerMs = 48;
  #transport: Transport | undefined;
  #keepGap = false;
  /** Of the queue, what was spoken in a gap: it may wait although the connection is up again. */
  #gapBytes = 0;
  packetsSent = 0;
  packetsDropped = 0;

  setEncoding(encoding: AudioEncoding): void {
    const { rateHz, bytesPerSample } = AUDIO_ENCODINGS[encoding];
    const bytesPerMs = (rateHz * bytesPerSample) / 1_000;
    if (bytesPerMs !== this.#bytesPerMs) this.#clear();
    this.#bytesPerMs = bytesPerMs;
  }

  /** `session.ready`: what waited goes first, then what comes. */
  open(transport: Transport): void {
    this.#transport = transport;
    this.#keepGap = true;
    this.#gapBytes = this.#queuedBytes;
  }

  /** The connection is gone. What its socket had not taken yet waits for the next one. */
  interrupt(unsentSocketBytes: number): void {
    this.#transport = undefined;
    // The socket counts base64 and JSON; the packets are three quarters of that.
    let lostBytes = unsentSocketBytes * 0.75;
    while (lostBytes > 0) {
      const packet = this.#sent.pop();
      if (!packet) break;
      lostBytes -= packet.length;
      this.#queue.unshift(packet);
      this.#queuedBytes += packet.length;
      this.packetsSent--;
    }
    this.#sent.length = 0;
    this.#sentBytes = 0;
  }

  close(): void {
    this.#transport = undefined;
    this.#keepGap = false;
    this.#clear();
  }

  /** @returns how many packets had to be dropped for this one. */
  push(packet: Uint8Array): number {
    // Before the first `session.ready` nobody listens, and nobody was told that somebody does.
    if (!this.#keepGap) return 0;
    this.#queue.push(packet);
    this.#queuedBytes += packet.length;
    this.#drain();
    const limitMs = this.#transport ? CONGESTION_MS : GAP_MS;
    return this.#trim(Math.max(this.#gapBytes, limitMs * this.#bytesPerMs));
  }

  #drain(): void {
    const transport = this.#transport;
    if (!transport) return;
    const limitBytes = (CONGESTION_MS * this.#bytesPerMs) / 0.75;
    for (let sent = 0; sent < CATCH_UP && transport.bufferedBytes < limitBytes; sent++) {
      const packet = this.#queue.shift();
      if (!packet) break;
      this.#queuedBytes -= packet.length;
      transport.send(encodeClientMessage({ type: 'input.audio', audio: toBase64(packet) }));
      this.packetsSent++;
      this.#keepSent(packet);
    }
    this.#gapBytes = Math.min(this.#gapBytes, this.#queuedBytes);
  }

  #keepSent(packet: Uint8Array): void {
    this.#sent.push(packet);
    this.#sentBytes += packet.length;
    while (this.#sentBytes > GAP_MS * this.#bytesPerMs)
      this.#sentBytes -= this.#sent.shift()?.length ?? this.#sentBytes;
  }

  #trim(limitBytes: number): number {
    let dropped = 0;
    while (this.#queuedBytes > limitBytes) {
      this.#queuedBytes -= this.#queue.shift()?.length ?? this.#queuedBytes;
      dropped++;
    }
    this.packetsDropped += dropped;
    return dropped;
  }

  #clear(): void {
    this.#queue.length = 0;
    this.#queuedBytes = 0;
    this.#gapBytes = 0;
    this.#sent.length = 0;
    this.#sentBytes = 0;
  }
}
