/**
 * Who said what, in order of turns: what the page shows, and what a session that takes over is told.
 * `transcript.user.delta` contains the whole utterance so far, so each one replaces the one before.
 */
import type { TranscriptUser, TranscriptUserDelta } from '../protocol/messages.js';
import type { EmitSessionEvent, TranscriptUpdate } from './events.js';

/** Utterances of the user that can still be corrected. */
const MAX_UTTERANCES = 8;
/** Characters of one utterance: twenty minutes without a pause. A server that sends more is not transcribing. */
export const MAX_TEXT_CHARS = 20_000;
/** Lines and characters of the dialogue for a session that takes over. */
const MAX_LINES = 200;
const MAX_CHARS = 8_000;

export type DialogueUpdate = TranscriptUpdate & { readonly order: number };

interface Line {
  readonly order: number;
  /** With its speaker; empty if nothing was said. */
  readonly text: string;
}

export class Dialogue {
  readonly #emit: EmitSessionEvent;
  #lines: Line[] = [];
  #order = 0;
  /** Positions of the user's latest utterances, and of one that has begun and has no words yet. */
  #users: { readonly itemId: string | undefined; readonly order: number }[] = [];
  #begunOrder: number | undefined;
  /** What the user is saying, until it is final. */
  #unfinished: TranscriptUserDelta | undefined;

  constructor(emit: EmitSessionEvent) {
    this.#emit = emit;
  }

  /** For another page. */
  get kept(): { readonly dialogue: string; readonly order: number } {
    return { dialogue: this.text(), order: this.#order };
  }

  restore({ dialogue, order }: Dialogue['kept']): void {
    this.#lines = [{ order: 0, text: dialogue }];
    this.#order = order;
  }

  /** The position of the next utterance. */
  next(): number {
    return ++this.#order;
  }

  /** The user begins to speak: the words belong here, however late they arrive. */
  speechStarted(): void {
    this.#begunOrder = this.next();
  }

  user(message: TranscriptUser | TranscriptUserDelta): void {
    const { text, item_id } = message;
    const before = this.#unfinished;
    this.#unfinished = message.type === 'transcript.user' ? undefined : message;
    // If it was only noise, words that were shown before are withdrawn.
    if (text.trim() !== '' || before?.text)
      this.#tellUser(text, item_id, !this.#unfinished, before !== undefined);
  }

  /** Typed text, which the server never echoes; `sentAgain` after the connection broke. */
  typed(itemId: string, text: string, sentAgain?: true): void {
    if (!sentAgain) this.#place(itemId, this.next());
    this.#tellUser(text, itemId, true, false, sentAgain);
  }

  /** Something that only a session that takes over needs to know. */
  note(text: string): void {
    this.#remember(this.next(), 'Note', text);
  }

  tell(update: DialogueUpdate): void {
    this.#emit('transcript', update);
    const { order, role, text } = update;
    if (update.final && !update.sentAgain) this.#remember(order, role === 'user' ? 'User' : 'Agent', text);
  }

  /** The server's session is lost: what the user began is final, and the ids mean nothing to the next session. */
  settle(): void {
    const unfinished = this.#unfinished;
    if (unfinished) this.user({ ...unfinished, type: 'transcript.user' });
    this.#users = [];
    this.#begunOrder = undefined;
  }

  /** The latest part, within a limit. Empty if nothing was said. */
  text(): string {
    const lines = this.#lines.map(({ text }) => text);
    return lines.filter(Boolean).join('\n').slice(-MAX_CHARS);
  }

  /** What the user said last, with what was learnt since; empty if that is nothing, and the agent has answered. */
  get question(): string {
    return /(^|\n)User: (.*((\nAgent: .*)*(\nNote: .*)+)?)$/.exec(this.text())?.[2] ?? '';
  }

  /** @param continues an utterance without an id gets more words */
  #tellUser(
    said: string,
    itemId: string | undefined,
    final: boolean,
    continues: boolean,
    sentAgain?: true,
  ): void {
    const known = this.#users.findLast((user) => user.itemId === itemId);
    let order = itemId !== undefined || continues ? known?.order : undefined;
    if (order === undefined) {
      // The page cannot change lines of a session that is lost.
      if (sentAgain) return;
      order = this.#place(itemId, this.#begunOrder ?? this.next());
      this.#begunOrder = undefined;
    }
    const text = said.slice(0, MAX_TEXT_CHARS);
    this.tell({ role: 'user', text, final, interrupted: false, itemId, order, sentAgain });
  }

  #place(itemId: string | undefined, order: number): number {
    this.#users = [...this.#users, { itemId, order }].slice(-MAX_UTTERANCES);
    return order;
  }

  #remember(order: number, speaker: string, said: string): void {
    const line = { order, text: said && `${speaker}: ${said}` };
    const others = this.#lines.filter((other) => other.order !== order);
    this.#lines = [...others, line].sort((a, b) => a.order - b.order).slice(-MAX_LINES);
  }
}
