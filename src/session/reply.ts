/** A reply of the agent: one entry of the ledger. Its words count as said when they were heard. */
import type { TranscriptAgent, TranscriptAgentDelta } from '../protocol/messages.js';
import { MAX_TEXT_CHARS, type Dialogue, type DialogueUpdate } from './dialogue.js';
import type { KeptReply, Word } from './kept-session.js';
import { appendWord } from './word-joining.js';

/** What became of its audio: heard to its end, cut off before, or never audible. */
type Sound = 'coming' | 'heard' | 'cut' | 'silent';

/** Audio that was not heard yet. */
export interface Piece {
  readonly reply: number;
  bytes: Uint8Array;
  /** 1 if it begins in the middle of a sample, else 0. */
  half: number;
  /** Position in the present worklet's stream, in bytes since its format was set. */
  endByte: number;
  /** Another page would know it. */
  kept: boolean;
}

export class Reply {
  readonly id: string;
  /** Its name at the worklet; 0 if only its words are known. */
  number = 0;
  /** The server has sent all of it. */
  sent = false;
  audible = false;
  /** From its first audible sample; `heardBeforeMs` of it by earlier worklets. */
  heardMs = 0;
  heardBeforeMs = 0;
  /** Of its audio so far. */
  bytes = 0;
  /** It was interrupted: audio that arrives now must not be heard. */
  dead = false;
  /** The connection was lost before the server had sent all of it, and these are the words that were not heard. */
  lost = false;
  rest = '';
  readonly #dialogue: Dialogue;
  readonly #order: number;
  #itemId: string | undefined;
  #sound: Sound;
  /** The position up to which words are shown. */
  #shownMs: number;
  #text = '';
  /** The latest word of the text. */
  #latest: Word | undefined;
  /** Words that were announced, but not heard. */
  #unheard: Word[] = [];
  #lastMs = 0;
  #chars = 0;
  /** The server's full text. */
  #whole: string | undefined;
  /** What the page knows. */
  #told = '';

  /** @param written its words do not wait for audio */
  constructor(dialogue: Dialogue, id: string, written: boolean) {
    this.#dialogue = dialogue;
    this.#order = dialogue.next();
    this.id = id;
    this.#sound = written ? 'heard' : 'coming';
    this.#shownMs = written ? Infinity : 0;
  }

  /** The worklet is to play it under this number. */
  open(number: number): void {
    this.number = number;
    // If the server goes on with it after all, more of its words are heard.
    if (this.#shownMs < Infinity) this.#sound = 'coming';
    this.rest = '';
    this.sent = this.audible = this.dead = this.lost = false;
    this.heardBeforeMs = this.heardMs;
    this.bytes = 0;
  }

  get isEmpty(): boolean {
    return this.bytes + this.#chars === 0;
  }

  /** For another page: the words that were heard, the latest of them, and one by one those that were not. */
  get kept(): Pick<KeptReply, 'sent' | 'words' | 'whole'> {
    const latest = this.#latest ? [this.#latest] : [];
    const end = this.#latest && this.#text.lastIndexOf(this.#latest.text.trim());
    const before = { text: this.#text.slice(0, end), startMs: 0 };
    const words = [before, ...latest, ...this.#unheard];
    return { sent: this.sent && !this.lost, words, whole: this.#whole };
  }

  /** `transcript.agent.delta` contains one word, with or without a space. Times count from the first audible sample. */
  word({ item_id, delta, start_ms }: TranscriptAgentDelta): void {
    this.#itemId ??= item_id;
    if (this.#whole !== undefined || this.#chars > MAX_TEXT_CHARS) return;
    this.#announce(delta, start_ms);
    this.#tell();
  }

  final({ item_id, text, interrupted }: TranscriptAgent): void {
    this.#itemId ??= item_id;
    const whole = text.slice(0, MAX_TEXT_CHARS);
    this.#whole = whole;
    if (interrupted && this.#sound === 'heard') this.#sound = 'cut';
    if (interrupted && this.#lastMs === 0) {
      // If words have no times, only the server knows which were spoken.
      const announced = joined(this.#text, this.#unheard);
      const rest = announced.startsWith(whole) ? announced.slice(whole.length) : '';
      this.#text = '';
      this.#unheard = [
        { text: whole, startMs: 0 },
        { text: rest, startMs: Infinity },
      ];
    } else if (this.#chars === 0) this.#announce(whole);
    this.#tell();
  }

  /**
   * This much was heard, and at the end what became of it.
   * @returns the words that were heard
   */
  hear(heardMs: number, sound: Sound = 'coming'): string {
    if (this.#sound === 'coming') {
      this.#shownMs = Math.max(this.#shownMs, heardMs);
      this.#show();
      if (this.lost && sound === 'heard' && this.#whole === undefined) this.rest = joined('', this.#unheard);
      this.#sound = this.rest ? 'cut' : sound;
      this.#tell();
    } else if (this.rest) {
      this.#shownMs = heardMs;
      this.#show();
      this.rest = joined('', this.#unheard);
    }
    return this.#text.trim();
  }

  /**
   * The server's session is lost: nothing more will arrive.
   * @param silenced what has arrived will not be heard either
   */
  settle(silenced: boolean): void {
    if (this.#sound === 'coming') {
      const isWhole = this.#whole !== undefined;
      this.#sound = isWhole && !silenced ? 'heard' : 'cut';
      if (this.lost && !isWhole) this.rest = joined('', this.#unheard);
    }
    this.close();
    this.#tell();
  }

  /** No more words will arrive. */
  close(): void {
    this.#whole ??= joined(this.#text, this.#unheard);
  }

  /** A word without a time that is announced after the audio was cut came too late to be heard. */
  #announce(text: string, startMs = this.#sound === 'cut' ? Infinity : 0): void {
    this.#lastMs = Math.max(this.#lastMs, startMs);
    this.#unheard.push({ text, startMs: this.#lastMs });
    this.#chars += text.length + 1;
  }

  /** Each further word that was heard. */
  #show(): void {
    const unheard = this.#unheard;
    for (let word = unheard[0]; word && word.startMs < this.#shownMs; word = unheard[0]) {
      this.#text = appendWord(this.#text, word.text);
      this.#latest = unheard.shift();
    }
  }

  /** Reports them, and what became of the reply. */
  #tell(): void {
    this.#show();
    const sound = this.#sound;
    const unheard = this.#unheard;
    const whole = sound === 'heard' ? this.#whole : undefined;
    const text = whole ?? this.#text.trim();
    const isComing = sound === 'coming';
    if (isComing && text === this.#told) return;
    const unheardText = whole === undefined ? joined('', unheard) : '';
    if (text + unheardText === '') return;
    const update: DialogueUpdate = {
      role: 'agent',
      text,
      final: !isComing && this.#whole !== undefined,
      interrupted: sound === 'cut',
      unheardText: unheardText || undefined,
      unspoken: sound === 'silent' || undefined,
      replyId: this.id,
      itemId: this.#itemId,
      order: this.#order,
    };
    const told = isComing ? text : JSON.stringify(update);
    if (told === this.#told) return;
    this.#told = told;
    this.#dialogue.tell(update);
  }
}

function joined(text: string, words: readonly Word[]): string {
  return words.reduce((whole, word) => appendWord(whole, word.text), text).trim();
}
