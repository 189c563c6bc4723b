/**
 * The session's ledger of replies: what was sent to be played, how much of it was heard, which words that covers, and
 * whether it is over. The worklet's messages say what happened to each.
 *
 * An interruption arrives as up to three messages in any order (`input.speech.started`, `reply.done{interrupted}`,
 * `transcript.agent{interrupted}`). `input.speech.started` may be a false alarm, so it only *holds* the audio; one of
 * the others makes it final, and without them the reply resumes. If the server has already sent the whole reply, it
 * cannot interrupt it any more, so `input.speech.started` alone is final.
 */
import type { TranscriptAgent, TranscriptAgentDelta } from '../protocol/messages.js';
import type { GivingWay, SoundCommand, WorkletToSession } from '../worklet/messages.js';
import { bytesOf } from './byte-count.js';
import type { Clock } from './clock.js';
import type { Dialogue } from './dialogue.js';
import type { EmitSessionEvent } from './events.js';
import type { KeptReply } from './kept-session.js';
import { Reply, type Piece } from './reply.js';

/** How long a held reply waits for the server's decision. The live service was observed to send it within 2 ms. */
export const HOLD_MS = 400;
/** The worklet answers a flush within a render burst (about 20 ms); if its context is closed, it never does. */
const FLUSH_ANSWER_MS = 250;
/** Replies by id, for late words and audio; and replies that wait to be heard. More come from a broken server. */
const MAX_REPLIES = 64;
/** Audio kept for another worklet or page if a server sends faster than real time: as much as the worklet's ring. */
const MAX_UNHEARD_BYTES = 60 * 48_000;
const MAX_UNHEARD_PIECES = 6_000;

type Message<Type> = Extract<WorkletToSession, { readonly type: Type }>;

export class Replies {
  readonly #post: (command: SoundCommand) => void;
  readonly #dialogue: Dialogue;
  readonly #clock: Clock;
  readonly #emit: EmitSessionEvent;
  /** By id, latest last. */
  #known: Reply[] = [];
  /** Announced and not heard to the end, oldest first. */
  #open: Reply[] = [];
  #unheard: Piece[] = [];
  #sentBytes = 0;
  /** Of the latest one announced: what has no id belongs to it. */
  #latestId: string | undefined;
  #count = 0;
  /** Set while a reply is held until it is known whether it was interrupted. */
  #cancelHold: (() => void) | undefined;
  /** What the page knows about the reply that is quieter or paused, because the user seems to speak. */
  #toldHold: { readonly replyId: string; readonly outcome: Exclude<GivingWay, 'none'> } | undefined;
  /** How the worklet reacts to speech. */
  #givingWay: GivingWay = 'none';
  /** Flushes that the worklet has not answered yet. */
  #cuts: { readonly replies: readonly Reply[]; readonly cancel: () => void }[] = [];
  /** The session has no audio: words are shown at once. */
  isWritten = false;
  /** Words whose audio was lost with a connection, or with the page before. */
  lostWords = '';

  constructor(
    post: (command: SoundCommand) => void,
    dialogue: Dialogue,
    clock: Clock,
    emit: EmitSessionEvent,
  ) {
    this.#post = post;
    this.#dialogue = dialogue;
    this.#clock = clock;
    this.#emit = emit;
  }

  /** The latest reply in progress at the server: announced, and neither done nor interrupted. */
  get underWayId(): string | undefined {
    return this.#open.findLast((reply) => !reply.sent)?.id;
  }

  /** A reply is audible. */
  get sounding(): boolean {
    return this.#open[0]?.audible ?? false;
  }

  /** Nothing is left to be heard, or to be reported about what was. */
  get areHeard(): boolean {
    return this.#open.length + this.#cuts.length === 0;
  }

  /** It is in progress, and neither audio nor words have arrived. */
  isEmpty(id: string | undefined): boolean {
    return this.#findOpen(id)?.isEmpty ?? false;
  }

  isLatest(id: string | undefined): boolean {
    return id === undefined || id === this.#latestId;
  }

  // ── what the server says ────────────────────────────────────────────────────────────────────────────────────────
  started(id: string): void {
    const latest = this.#open.at(-1);
    // Announced twice.
    if (latest?.id === id && !latest.sent) return;
    // The server has moved on, so a held reply was interrupted, and one without `reply.done` is complete.
    if (this.#cancelHold) this.interrupt();
    this.#completeAll();
    const known = this.#find(id);
    const isFree = known && !known.dead && !this.#open.includes(known);
    const reply = isFree ? known : this.#add(id, this.isWritten);
    reply.open(++this.#count);
    this.#latestId = id;
    this.#open = [...this.#open, reply];
    const lost = this.#open.splice(0, this.#open.length - MAX_REPLIES);
    for (const other of lost) this.#tellEnd(other, 'interrupted');
    this.#emit('reply-start', { replyId: id });
  }

  /** Audio of a reply; ignored if that reply was interrupted. */
  audio(id: string | undefined, bytes: Uint8Array): void {
    const replyId = id ?? this.#latestId ?? `reply-${this.#count + 1}`;
    if (this.#find(replyId)?.dead) return;
    // Not announced, or announced as done too early: it should be heard all the same.
    if (!this.#findOpen(replyId)) this.started(replyId);
    const reply = this.#findOpen(replyId);
    if (!reply) return;
    const piece = { reply: reply.number, bytes, half: reply.bytes % 2, endByte: 0, kept: false };
    reply.bytes += bytes.length;
    this.#unheard.push(piece);
    this.#play(piece);
    const excess = this.#unheard.length > MAX_UNHEARD_PIECES ? this.#unheard[0]!.endByte : 0;
    this.#forget(Math.max(excess, this.#sentBytes - MAX_UNHEARD_BYTES));
    // Late: its end must be repeated, or the replies behind it would wait.
    if (reply.sent) this.#end(reply);
  }

  word(message: TranscriptAgentDelta): void {
    this.#withWords(message.reply_id).word(message);
  }

  final(message: TranscriptAgent): void {
    this.#withWords(message.reply_id).final(message);
  }

  /** The server has sent all of a reply. */
  done(id: string | undefined): void {
    const reply = this.#findOpen(id);
    // If it is repeated or late, another reply is audible now.
    if (reply && !reply.sent) this.#end(reply);
  }

  /**
   * The server has interrupted a reply.
   * @returns false if this was known
   */
  interrupted(id: string | undefined): boolean {
    // Without an id, it is the current one at the server.
    const reply = id === undefined ? this.#open.at(-1) : (this.#find(id) ?? this.#add(id, true));
    if (!reply || reply.dead) return false;
    reply.dead = true;
    // A newer reply stays whole.
    this.interrupt(this.#open.slice(0, this.#open.indexOf(reply) + 1));
    return true;
  }

  /** The user seems to speak. */
  speechStarted(): void {
    const [current] = this.#open;
    if (!current || this.#cancelHold) return;
    if (this.underWayId === undefined) {
      this.interrupt();
      return;
    }
    this.#holdSound(true);
    this.#cancelHold = this.#clock.after(HOLD_MS, () => this.#release());
    this.#tellHold(current.id);
  }

  // ── what becomes of the call ────────────────────────────────────────────────────────────────────────────────────
  /** Discards what is queued. The rest of these replies stays unheard. */
  interrupt(cut: readonly Reply[] = this.#open): void {
    const last = cut.at(-1);
    if (!last) return;
    for (const reply of cut) reply.dead = true;
    this.#open = this.#open.slice(cut.length);
    this.#unheard = this.#unheard.filter((piece) => piece.reply > last.number);
    this.#cuts.push({
      replies: cut,
      cancel: this.#clock.after(FLUSH_ANSWER_MS, () => this.flushed()),
    });
    this.#post({ type: 'flush' });
    this.#playAgain();
    this.#endHold('interrupted');
  }

  /** The connection is lost: what has arrived is played to its end. */
  connectionLost(): void {
    this.#release();
    for (const reply of this.#open) reply.lost ||= !reply.sent;
    this.#completeAll();
  }

  /**
   * The server's session is lost with its ids; its replies stay as far as they came.
   * @param silenced what has arrived is not heard either
   */
  settle(silenced: boolean): void {
    this.#latestId = undefined;
    for (const reply of this.#known.splice(0)) reply.settle(silenced);
  }

  /** The call is over. */
  close(): void {
    this.#endHold('interrupted');
    // First, because a listener may interrupt.
    const open = this.#open.splice(0);
    while (this.#cuts.length > 0) this.flushed();
    this.settle(true);
    for (const reply of open) this.#tellEnd(reply, 'interrupted');
  }

  /**
   * For another page. Each piece of audio is reported once.
   * @param fromStart again, from the first on
   */
  keep(fromStart: boolean): KeptReply[] {
    return this.#open.map(({ id, number, heardMs, kept }) => {
      const pieces = this.#unheard.filter(({ reply }) => reply === number);
      const sound = pieces.filter((piece) => fromStart || !piece.kept).map(({ bytes }) => bytes);
      for (const piece of pieces) piece.kept = true;
      return { replyId: id, number, heardMs, ...kept, sound, unheardBytes: bytesOf(pieces) };
    });
  }

  /**
   * The open replies are those of another page.
   * @param heardMs of the first of them, on that page
   * @param cut the last one ends early: the server is asked for its rest
   */
  resume(heardMs: number, cut: boolean): void {
    const [first] = this.#open;
    if (first) first.heardMs = first.heardBeforeMs = heardMs;
    if (cut) this.#open.at(-1)?.close();
  }

  // ── what the worklet says ───────────────────────────────────────────────────────────────────────────────────────
  /** @returns whether its first audible sample was heard, or more of it, or nothing new */
  heard({ reply: number, heardMs, playedBytes, over }: Message<'heard'>): 'first' | 'more' | 'nothing' {
    this.#forget(playedBytes);
    const reply = this.#byNumber(number);
    if (!reply) return 'nothing';
    const isFirst = heardMs > 0 && !reply.audible;
    const isMore = reply.heardBeforeMs + heardMs > reply.heardMs;
    reply.heardMs = reply.heardBeforeMs + heardMs;
    if (over) {
      this.#open = this.#open.filter((other) => other !== reply);
      this.#unheard = this.#unheard.filter((piece) => piece.reply > number);
    }
    reply.hear(reply.heardMs, over ? (reply.heardMs > 0 ? 'heard' : 'silent') : 'coming');
    if (over) this.lostWords ||= reply.rest;
    if (isFirst) {
      reply.audible = true;
      this.#emit('reply-audible');
    }
    if (over) this.#tellEnd(reply, 'completed');
    return isFirst ? 'first' : isMore ? 'more' : 'nothing';
  }

  /** The answer to the oldest flush, or undefined if there is none. */
  flushed(report?: Message<'flushed'>): void {
    const [cut] = this.#cuts;
    const sounding = cut?.replies[0];
    // The answer to an earlier flush, too late.
    if (!sounding || (report?.reply || Infinity) < sounding.number) return;
    this.#cuts.shift();
    cut.cancel();
    const heardMs =
      report?.reply === sounding.number ? sounding.heardBeforeMs + report.heardMs : sounding.heardMs;
    const heardText = sounding.hear(heardMs, 'cut');
    const { discardedMs = 0 } = report ?? {};
    this.#emit('interruption', { replyId: sounding.id, heardMs, discardedMs, heardText });
    for (const reply of cut.replies) {
      reply.hear(0, 'cut');
      this.#tellEnd(reply, 'interrupted');
    }
  }

  /** A reply is ducked, held or resumed because of speech at the microphone. */
  gaveWay({ givingWay, reply: number }: Message<'voice'>): void {
    const reply = this.#byNumber(number);
    // A report about a reply that was cut in the meantime means nothing.
    if (givingWay !== 'none' && !reply) return;
    this.#givingWay = givingWay;
    this.#tellHold(reply?.id);
  }

  /** Another worklet replaces a lost one: it gets what was not heard. */
  workletReplaced(): void {
    this.#sentBytes = 0;
    for (const reply of this.#open) reply.heardBeforeMs = reply.heardMs;
    this.#playAgain();
    if (this.#cancelHold) this.#holdSound(true);
  }

  // ────────────────────────────────────────────────────────────────────────────────────────────────────────────────
  /** A false alarm: the audio resumes where it was held. */
  #release(): void {
    if (!this.#cancelHold) return;
    this.#holdSound(false);
    this.#endHold();
  }

  /** @param outcome left out if it depends on the microphone */
  #endHold(outcome?: 'interrupted'): void {
    this.#cancelHold?.();
    this.#cancelHold = undefined;
    if (outcome) this.#givingWay = 'none';
    this.#tellHold(undefined, outcome);
  }

  #holdSound(held: boolean): void {
    this.#post({ type: 'hold', held });
  }

  /** Server and microphone can both hold a reply; the page learns the sum. */
  #tellHold(id = '', outcome: GivingWay | 'interrupted' = this.#cancelHold ? 'held' : this.#givingWay): void {
    const before = this.#toldHold;
    const replyId = before?.replyId ?? id;
    const isOver = outcome === 'none' || outcome === 'interrupted';
    if (outcome === before?.outcome || (isOver && !before)) return;
    this.#toldHold = isOver ? undefined : { replyId, outcome };
    this.#emit('reply-hold', { replyId, outcome: outcome === 'none' ? 'resumed' : outcome });
  }

  #tellEnd({ id: replyId }: Reply, status: 'completed' | 'interrupted'): void {
    this.#emit('reply-end', { replyId, status });
  }

  #completeAll(): void {
    for (const reply of this.#open) if (!reply.sent) this.#end(reply);
  }

  #end(reply: Reply): void {
    reply.sent = true;
    this.#post({ type: 'end', reply: reply.number });
  }

  #play(piece: Piece): void {
    piece.endByte = this.#sentBytes += piece.bytes.length;
    // The worklet gets a copy, because the bytes that it is given are gone here.
    this.#post({ type: 'audio', reply: piece.reply, bytes: piece.bytes.slice() });
  }

  /** What the worklet has lost. */
  #playAgain(): void {
    for (const reply of this.#open) {
      for (const piece of this.#unheard) if (piece.reply === reply.number) this.#play(piece);
      if (reply.sent) this.#end(reply);
    }
  }

  /** Everything before this position was played. */
  #forget(byte: number): void {
    while (this.#unheard[0] && this.#unheard[0].endByte <= byte) this.#unheard.shift();
    const [first] = this.#unheard;
    // Half a sample would make noise of all that follows.
    if (first) Object.assign(first, { bytes: first.bytes.subarray(first.half), half: 0 });
  }

  #add(id: string, written: boolean): Reply {
    const reply = new Reply(this.#dialogue, id, written);
    this.#known = [...this.#known, reply].slice(-MAX_REPLIES);
    return reply;
  }

  /** Words of a reply that was not announced have no audio to wait for. */
  #withWords(id = this.#latestId ?? ''): Reply {
    return this.#find(id) ?? this.#add(id, true);
  }

  #find(id: string): Reply | undefined {
    return this.#known.findLast((reply) => reply.id === id);
  }

  #findOpen(id = this.#latestId ?? ''): Reply | undefined {
    const reply = this.#find(id);
    return this.#open.includes(reply!) ? reply : undefined;
  }

  #byNumber(number: number): Reply | undefined {
    return this.#open.find((reply) => reply.number === number);
  }
}
