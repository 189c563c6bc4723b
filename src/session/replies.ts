/**
 * The agent's replies: which one sounds, what was heard of it, and what must never be heard. Interruption arrives as up
 * to three messages in any order (`input.speech.started`, `reply.done{interrupted}`, `transcript.agent{interrupted}`);
 * here they become one.
 *
 * `input.speech.started` alone may be a false alarm, so it only *holds* the sound; one of the other two makes it final,
 * and without them the reply goes on. When the server has already sent the whole reply it has nothing left to
 * interrupt and will not say so: then `input.speech.started` is final by itself.
 */
import type { AudioSink, FlushReport } from './audio-sink.js';
import type { Captions } from './captions.js';
import type { Clock } from './clock.js';
import type { EmitSessionEvent } from './events.js';

/** How long a held reply waits for the server's verdict. The live service was seen to send it within 2 ms. */
export const HOLD_MS = 400;
/** The sink answers a flush within a render burst (about 20 ms); without sound (a closed context) it never does. */
const FLUSH_ANSWER_MS = 250;
/** Interrupted ids to remember: late audio comes within seconds, so a handful would do. */
const MAX_DEAD_IDS = 64;

interface Reply {
  /** Its name at the sink. */
  readonly number: number;
  readonly id: string;
  /** The server has sent all of it. */
  sent: boolean;
  heardMs: number;
}

export class Replies {
  readonly #sink: AudioSink;
  readonly #captions: Captions;
  readonly #clock: Clock;
  readonly #emit: EmitSessionEvent;
  /** Announced and not yet heard to the end, oldest first. */
  readonly #open: Reply[] = [];
  readonly #dead = new Set<string>();
  #latestId: string | undefined;
  #count = 0;
  #cancelHold: (() => void) | undefined;
  #pendingFlushes: ((report: FlushReport | undefined) => void)[] = [];

  constructor(sink: AudioSink, captions: Captions, clock: Clock, emit: EmitSessionEvent) {
    this.#sink = sink;
    this.#captions = captions;
    this.#clock = clock;
    this.#emit = emit;
  }

  /** A reply is under way at the server: announced and neither done nor interrupted. */
  get underWay(): boolean {
    return this.#open.some((reply) => !reply.sent);
  }

  /** The reply that captions without an id belong to. */
  get latestId(): string | undefined {
    return this.#latestId;
  }

  started(id: string): void {
    // The server has moved on, so a reply on hold was indeed interrupted, and one without `reply.done` is complete.
    if (this.#cancelHold) this.#interrupt();
    this.#completeAll();
    this.#dead.delete(id);
    this.#begin(id);
    this.#emit({ type: 'reply-started', replyId: id });
  }

  /** Audio of a reply; silently dropped when that reply was interrupted. */
  audio(id: string | undefined, bytes: Uint8Array): void {
    const replyId = id ?? this.#latestId;
    if (replyId !== undefined && this.#dead.has(replyId)) return;
    const reply = this.#find(replyId);
    if (reply) {
      this.#sink.play(reply.number, bytes);
      return;
    }
    // Not announced, or announced done too early: it is sound that the user should hear all the same.
    const unannounced = replyId ?? `reply-${this.#count + 1}`;
    if (unannounced !== this.#latestId) this.started(unannounced);
    else this.#begin(unannounced);
    this.#sink.play(this.#count, bytes);
  }

  /** The server has sent all of a reply. */
  done(id: string | undefined): void {
    const reply = this.#find(id ?? this.#latestId);
    if (reply) this.#complete(reply);
  }

  /** The server's word that a reply was interrupted; every repetition is ignored. */
  interrupted(id: string | undefined): void {
    const replyId = id ?? this.#open[0]?.id;
    if (replyId === undefined || this.#dead.has(replyId)) return;
    const index = this.#open.findIndex((reply) => reply.id === replyId);
    if (index < 0) {
      this.#bury(replyId);
      return;
    }
    // Only what came up to that reply: a newer one stays whole.
    this.#interrupt(index + 1);
  }

  /** The user seems to speak. */
  speechStarted(): void {
    const [current] = this.#open;
    if (!current || this.#cancelHold) return;
    if (!this.underWay) {
      this.#interrupt();
      return;
    }
    this.#sink.hold();
    this.#emit({ type: 'hold', replyId: current.id, outcome: 'held' });
    this.#cancelHold = this.#clock.after(HOLD_MS, () => {
      this.#cancelHold = undefined;
      this.#sink.release();
      this.#emit({ type: 'hold', replyId: current.id, outcome: 'resumed' });
    });
  }

  /** The page's own wish: all that is queued goes, and the rest of the reply stays unheard. */
  interrupt(): void {
    if (this.#open.length > 0) this.#interrupt();
  }

  /** The connection is gone: what has arrived is played to its end, nothing more will come. */
  connectionLost(): void {
    this.#release();
    this.#completeAll();
  }

  /** Ends without events: the call is over. */
  close(): void {
    this.#cancelHold?.();
    this.#cancelHold = undefined;
    this.#open.length = 0;
    this.#pendingFlushes = [];
  }

  // ── what the sink says ──────────────────────────────────────────────────────────────────────────────────────────
  sinkAudible(number: number): string | undefined {
    const reply = this.#byNumber(number);
    if (reply) this.#emit({ type: 'reply-audible', replyId: reply.id });
    return reply?.id;
  }

  sinkPlayhead(number: number, heardMs: number): void {
    const reply = this.#byNumber(number);
    if (reply) reply.heardMs = heardMs;
  }

  sinkHeard(number: number, audible: boolean): void {
    const index = this.#open.findIndex((reply) => reply.number === number);
    if (index < 0) return;
    const [reply] = this.#open.splice(index, 1);
    if (!reply) return;
    if (!audible) this.#captions.markUnspoken(reply.id);
    this.#emit({ type: 'reply-ended', replyId: reply.id, status: 'completed' });
  }

  sinkFlushed(report: FlushReport): void {
    this.#pendingFlushes.shift()?.(report);
  }

  // ────────────────────────────────────────────────────────────────────────────────────────────────────────────────
  #interrupt(count = this.#open.length): void {
    const cut = this.#open.splice(0, count);
    const [sounding] = cut;
    if (!sounding) return;
    for (const reply of cut) this.#bury(reply.id);
    const wasHeld = this.#cancelHold !== undefined;
    this.#cancelHold?.();
    this.#cancelHold = undefined;
    // A newer reply behind it is already in the ring: then the sound goes on, or its beginning would be lost.
    if (this.#open.length === 0) this.#sink.flush();
    else {
      this.#sink.release();
      this.#report(cut, sounding, undefined);
      return;
    }
    if (wasHeld) this.#emit({ type: 'hold', replyId: sounding.id, outcome: 'interrupted' });
    this.#awaitFlush((report) => this.#report(cut, sounding, report));
  }

  #awaitFlush(settle: (report: FlushReport | undefined) => void): void {
    let settled = false;
    const once = (report: FlushReport | undefined): void => {
      if (settled) return;
      settled = true;
      cancel();
      settle(report);
    };
    const cancel = this.#clock.after(FLUSH_ANSWER_MS, () => {
      this.#pendingFlushes = this.#pendingFlushes.filter((pending) => pending !== once);
      once(undefined);
    });
    this.#pendingFlushes.push(once);
  }

  #report(cut: readonly Reply[], sounding: Reply, flushed: FlushReport | undefined): void {
    const heardMs = flushed?.reply === sounding.number ? flushed.heardMs : sounding.heardMs;
    const heardText = this.#captions.cut(sounding.id, heardMs);
    this.#emit({
      type: 'interruption',
      interruption: { replyId: sounding.id, heardMs, discardedMs: flushed?.discardedMs ?? 0, heardText },
    });
    for (const reply of cut) this.#emit({ type: 'reply-ended', replyId: reply.id, status: 'interrupted' });
  }

  #release(): void {
    if (!this.#cancelHold) return;
    this.#cancelHold();
    this.#cancelHold = undefined;
    this.#sink.release();
  }

  #begin(id: string): void {
    this.#latestId = id;
    this.#open.push({ number: ++this.#count, id, sent: false, heardMs: 0 });
  }

  #completeAll(): void {
    for (const reply of this.#open) if (!reply.sent) this.#complete(reply);
  }

  #complete(reply: Reply): void {
    reply.sent = true;
    this.#sink.completeReply(reply.number);
  }

  #bury(id: string): void {
    this.#dead.add(id);
    if (this.#dead.size <= MAX_DEAD_IDS) return;
    const [oldest] = this.#dead;
    if (oldest !== undefined) this.#dead.delete(oldest);
  }

  #find(id: string | undefined): Reply | undefined {
    return this.#open.findLast((reply) => reply.id === id);
  }

  #byNumber(number: number): Reply | undefined {
    return this.#open.find((reply) => reply.number === number);
  }
}
