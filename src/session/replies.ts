/**
 * The agent's replies: which one sounds, what was heard of it, and what must never be heard. Interruption arrives as up
 * to three messages in any order (`input.speech.started`, `reply.done{interrupted}`, `transcript.agent{interrupted}`);
 * here they become one.
 *
 * `input.speech.started` alone may be a false alarm, so it only *holds* the sound; one of the other two makes it final,
 * and without them the reply goes on. When the server has already sent the whole reply it has nothing left to
 * interrupt and will not say so: then `input.speech.started` is final by itself.
 */
import type { AudioSink, FlushReport, VoiceReport } from './audio-sink.js';
import type { Captions } from './captions.js';
import type { Clock } from './clock.js';
import type { EmitSessionEvent } from './events.js';

/** How long a held reply waits for the server's verdict. The live service was seen to send it within 2 ms. */
export const HOLD_MS = 400;
/** The sink answers a flush within a render burst (about 20 ms); without sound (a closed context) it never does. */
const FLUSH_ANSWER_MS = 250;
/** Interrupted ids to remember: late audio comes within seconds, so a handful would do. */
const MAX_DEAD_IDS = 64;
/** Replies that wait to be heard. Each is spoken before the next is thought of; a server with more is broken. */
const MAX_OPEN = 64;

interface Reply {
  /** Its name at the sink. */
  readonly number: number;
  readonly id: string;
  /** The server has sent all of it. */
  sent: boolean;
  audible: boolean;
  heardMs: number;
  /** Of its sound, so far. */
  bytes: number;
}

interface PendingFlush {
  readonly settle: (report: FlushReport | undefined) => void;
  readonly cancel: () => void;
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
  /** The reply that is held, until it is known whether it was interrupted. */
  #hold: { readonly replyId: string; readonly cancel: () => void } | undefined;
  /** What the page was told last of the reply that gives way. */
  #yielding: { readonly replyId: string; readonly outcome: 'ducked' | 'held' } | undefined;
  /** What the sink does about somebody who speaks. */
  #givingWay: VoiceReport['givingWay'] = 'none';
  #pendingFlushes: PendingFlush[] = [];

  constructor(sink: AudioSink, captions: Captions, clock: Clock, emit: EmitSessionEvent) {
    this.#sink = sink;
    this.#captions = captions;
    this.#clock = clock;
    this.#emit = emit;
  }

  /** Announced and not heard to the end, oldest first. */
  get open(): readonly Readonly<Reply>[] {
    return this.#open;
  }

  /** So far; the next one has the next number. */
  get count(): number {
    return this.#count;
  }

  /** A reply is under way at the server: announced and neither done nor interrupted. */
  get underWay(): boolean {
    return this.#open.some((reply) => !reply.sent);
  }

  /** The latest of them. */
  get underWayId(): string | undefined {
    return this.#open.findLast((reply) => !reply.sent)?.id;
  }

  /** A reply that is known, of which neither sound nor words have come. */
  isEmpty(id: string | undefined): boolean {
    const reply = this.#find(id ?? this.#latestId);
    return reply !== undefined && reply.bytes === 0 && !this.#captions.hasWords(reply.id);
  }

  /** A reply can be heard. */
  get sounding(): boolean {
    return this.#open[0]?.audible ?? false;
  }

  /** Nothing is left to be heard, or to be reported of what was. */
  get areHeard(): boolean {
    return this.#open.length === 0 && this.#pendingFlushes.length === 0;
  }

  /** The reply that captions without an id belong to. */
  get latestId(): string | undefined {
    return this.#latestId;
  }

  started(id: string): void {
    // Said twice.
    if (this.#open.at(-1)?.id === id && this.underWay) return;
    // The server has moved on, so a reply on hold was indeed interrupted, and one without `reply.done` is complete.
    if (this.#hold) this.interrupt();
    this.#completeAll();
    this.#dead.delete(id);
    this.#begin(id);
    this.#emit('reply-start', { replyId: id });
  }

  /** Audio of a reply; silently dropped when that reply was interrupted. */
  audio(id: string | undefined, bytes: Uint8Array): void {
    const replyId = id ?? this.#latestId;
    if (replyId !== undefined && this.#dead.has(replyId)) return;
    // Not announced, or announced done too early: it is sound that the user should hear all the same.
    if (!this.#find(replyId)) this.started(replyId ?? `reply-${this.#count + 1}`);
    const reply = this.#find(replyId) ?? this.#open.at(-1);
    if (!reply) return;
    reply.bytes += bytes.length;
    this.#sink.play(reply.number, bytes);
    // Late: the end was told before, and has to be told after it, or the replies behind it would wait.
    if (reply.sent) this.#sink.completeReply(reply.number);
  }

  /** The server has sent all of a reply. */
  done(id: string | undefined): void {
    const reply = this.#find(id ?? this.#latestId);
    if (reply) this.#complete(reply);
  }

  /**
   * The server's word that a reply was interrupted.
   * @returns false for a repetition, which changes nothing.
   */
  interrupted(id: string | undefined): boolean {
    // Without a name it is the one that the server was at.
    const replyId = id ?? this.#open.at(-1)?.id;
    if (replyId === undefined || this.#dead.has(replyId)) return false;
    const index = this.#open.findIndex((reply) => reply.id === replyId);
    // Only what came up to that reply: a newer one stays whole.
    if (index < 0) this.#bury(replyId);
    else this.interrupt(index + 1);
    return true;
  }

  /** The user seems to speak. */
  speechStarted(): void {
    const [current] = this.#open;
    if (!current || this.#hold) return;
    if (!this.underWay) {
      this.interrupt();
      return;
    }
    this.#sink.hold();
    this.#hold = { replyId: current.id, cancel: this.#clock.after(HOLD_MS, () => this.#release()) };
    this.#tellYielding(current.id);
  }

  /** The sink has begun or ceased to make a reply give way. */
  gaveWay(givingWay: VoiceReport['givingWay'], number: number): void {
    const reply = this.#byNumber(number);
    // What is said of a reply that was cut meanwhile has no meaning any more.
    if (givingWay !== 'none' && !reply) return;
    this.#givingWay = givingWay;
    this.#tellYielding(reply?.id);
  }

  /** All that is queued goes, and the rest of the reply stays unheard. At first this is the page's own wish. */
  interrupt(count = this.#open.length): void {
    const cut = this.#open.splice(0, count);
    const [sounding] = cut;
    const last = cut.at(-1);
    if (!sounding || !last) return;
    for (const reply of cut) this.#bury(reply.id);
    this.#hold?.cancel();
    this.#hold = undefined;
    this.#givingWay = 'none';
    this.#endYielding('interrupted');
    this.#sink.flush(last.number);
    const settle = (report?: FlushReport) => this.#report(cut, sounding, report);
    const cancel = this.#clock.after(FLUSH_ANSWER_MS, () => {
      this.#pendingFlushes = this.#pendingFlushes.filter((pending) => pending.settle !== settle);
      settle();
    });
    this.#pendingFlushes.push({ settle, cancel });
  }

  /** The connection is gone: what has arrived is played to its end, nothing more will come. */
  connectionLost(): void {
    this.#release();
    this.#completeAll();
  }

  /** The server's session is gone, and another counts its replies anew. */
  settle(): void {
    this.connectionLost();
    this.#dead.clear();
    this.#latestId = undefined;
  }

  /** Ends without events: the call is over. */
  close(): void {
    this.#hold?.cancel();
    this.#hold = undefined;
    this.#yielding = undefined;
    this.#open.length = 0;
    for (const { cancel } of this.#pendingFlushes) cancel();
    this.#pendingFlushes = [];
  }

  // ── what the sink says ──────────────────────────────────────────────────────────────────────────────────────────
  replyAudible(number: number): void {
    const reply = this.#byNumber(number);
    if (!reply) return;
    reply.audible = true;
    this.#captions.heard(reply.id, 1);
    this.#emit('reply-audible');
  }

  playhead(number: number, heardMs: number): void {
    const reply = this.#byNumber(number);
    if (!reply) return;
    reply.heardMs = heardMs;
    this.#captions.heard(reply.id, heardMs);
  }

  replyHeard(number: number, heardMs: number, audible: boolean): void {
    const reply = this.#byNumber(number);
    if (!reply) return;
    this.#open.splice(this.#open.indexOf(reply), 1);
    this.#captions.heard(reply.id, heardMs, audible ? 'heard' : 'silent');
    this.#emit('reply-end', { replyId: reply.id, status: 'completed' });
  }

  flushed(report: FlushReport): void {
    const flush = this.#pendingFlushes.shift();
    flush?.cancel();
    flush?.settle(report);
  }

  // ────────────────────────────────────────────────────────────────────────────────────────────────────────────────
  #report(cut: readonly Reply[], sounding: Reply, flushed: FlushReport | undefined): void {
    const heardMs = flushed?.reply === sounding.number ? flushed.heardMs : sounding.heardMs;
    const heardText = this.#captions.heard(sounding.id, heardMs, 'cut');
    const discardedMs = flushed?.discardedMs ?? 0;
    this.#emit('interruption', { replyId: sounding.id, heardMs, discardedMs, heardText });
    for (const { id } of cut) {
      this.#captions.heard(id, 0, 'cut');
      this.#emit('reply-end', { replyId: id, status: 'interrupted' });
    }
  }

  /** A false alarm: the sound goes on where it was held. */
  #release(): void {
    const held = this.#hold;
    if (!held) return;
    this.#hold = undefined;
    held.cancel();
    this.#sink.release();
    this.#tellYielding(held.replyId);
  }

  /** Two hold a reply, the server and the microphone; the page is told what comes of both. */
  #tellYielding(replyId: string | undefined): void {
    const before = this.#yielding;
    const outcome = this.#hold ? 'held' : this.#givingWay;
    if (outcome === 'none') this.#endYielding('resumed');
    else if (replyId !== undefined && before?.outcome !== outcome) {
      this.#yielding = { replyId: before?.replyId ?? replyId, outcome };
      this.#emit('reply-hold', this.#yielding);
    }
  }

  #endYielding(outcome: 'resumed' | 'interrupted'): void {
    const before = this.#yielding;
    this.#yielding = undefined;
    if (before) this.#emit('reply-hold', { replyId: before.replyId, outcome });
  }

  #begin(id: string): void {
    this.#latestId = id;
    this.#captions.begin(id);
    this.#open.push({ number: ++this.#count, id, sent: false, audible: false, heardMs: 0, bytes: 0 });
    if (this.#open.length > MAX_OPEN) this.#open.shift();
  }

  #completeAll(): void {
    for (const reply of this.#open) if (!reply.sent) this.#complete(reply);
  }

  #complete(reply: Reply): void {
    // Said twice, or late: whatever sounds now is another one.
    if (reply.sent) return;
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
