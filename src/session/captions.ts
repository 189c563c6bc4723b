/**
 * Who said what. `transcript.user.delta` brings the whole utterance so far and replaces; `transcript.agent.delta`
 * brings one word and appends, sometimes with its own space and sometimes without. The agent's words count as said when
 * they were heard: their times are counted from the first audible sample of the reply.
 */
import type {
  TranscriptAgent,
  TranscriptAgentDelta,
  TranscriptUser,
  TranscriptUserDelta,
} from '../protocol/messages.js';
import type { EmitSessionEvent, TranscriptUpdate } from './events.js';
import type { Word } from './kept-session.js';

/** Utterances whose words are kept for corrections; older ones are settled. */
const MAX_UTTERANCES = 8;
/** Characters of one utterance: twenty minutes without a pause. A server that sends more is not transcribing. */
const MAX_TEXT_CHARS = 20_000;
/** Lines and characters of the dialogue kept for a session that has to take over. */
const MAX_DIALOGUE_LINES = 200;
const MAX_DIALOGUE_CHARS = 8_000;

/** What became of the sound of a reply: heard to its end, cut before it, or never audible. */
type Sound = 'coming' | 'heard' | 'cut' | 'silent';

interface AgentUtterance {
  readonly replyId: string;
  /** Its place in the dialogue. */
  readonly order: number;
  itemId: string | undefined;
  sound: Sound;
  heardMs: number;
  /** The words that were heard. */
  text: string;
  /** Those announced after them. */
  unheard: Word[];
  lastMs: number;
  chars: number;
  /** The server's last word on it. */
  whole: string | undefined;
  /** What the page was told last. */
  told: string;
  /** The latest word that was heard, at least in part. */
  latest: Word | undefined;
}

interface Line {
  readonly role: 'User' | 'Agent' | 'Note';
  readonly order: number;
  readonly key: string | undefined;
  text: string;
}

export class Captions {
  readonly #emit: EmitSessionEvent;
  #agent: AgentUtterance[] = [];
  #dialogue: Line[] = [];
  #order = 0;
  /** Places of the user's latest utterances, and of one that has begun and of which nothing was read yet. */
  #userOrders: { readonly itemId: string | undefined; readonly order: number }[] = [];
  #begunOrder: number | undefined;
  #userCount = 0;
  /** What the user is saying, until it is final. */
  #unfinished: TranscriptUserDelta | undefined;
  /** The dialogue on the pages before. */
  #earlier = '';
  /** The session has no sound: what is announced is read. */
  isWritten = false;

  constructor(emit: EmitSessionEvent) {
    this.#emit = emit;
  }

  get order(): number {
    return this.#order;
  }

  /** The dialogue goes on. */
  restore({ dialogue, order }: { readonly dialogue: string; readonly order: number }): void {
    this.#earlier = dialogue;
    this.#order = order;
  }

  /** The words of a reply: those that were heard, the latest of them, and one by one those that were not. */
  kept(replyId: string): { readonly words: readonly Word[]; readonly whole: string | undefined } {
    const { text = '', latest, unheard = [], whole } = this.#find(replyId) ?? {};
    const before = { text: latest ? text.slice(0, text.lastIndexOf(latest.text.trim())) : text, startMs: 0 };
    return { words: [before, ...(latest ? [latest] : []), ...unheard], whole };
  }

  /** The user begins to speak: his words belong here, however late they are read. */
  speechStarted(): void {
    this.#begunOrder = ++this.#order;
  }

  user(message: TranscriptUser | TranscriptUserDelta): void {
    const { text, item_id } = message;
    const before = this.#unfinished;
    this.#unfinished = message.type === 'transcript.user' ? undefined : message;
    // Noise that was no words after all; what was read of it before is taken back.
    if (text.trim() === '' && !before?.text) return;
    this.#tellUser(text, item_id, this.#userOrder(item_id, before !== undefined), !this.#unfinished);
  }

  /** Text the user typed, which the server never echoes. */
  typed(itemId: string, text: string): void {
    this.#tellUser(text, itemId, this.#userOrder(itemId, false), true);
  }

  /** A typed line was sent again. */
  sentAgain(itemId: string, text: string): void {
    const order = this.#userOrder(itemId, false);
    const update = { role: 'user', text, final: true, interrupted: false, itemId, order } as const;
    this.#emit('transcript', { ...update, sentAgain: true });
  }

  /** Something that only a session that takes over has to know. */
  note(text: string): void {
    this.#remember('Note', `note-${++this.#order}`, this.#order, text);
  }

  /** The words of this reply are to be told as they are heard. */
  begin(replyId: string): void {
    this.#utterance(replyId, undefined, this.isWritten ? 'heard' : 'coming');
  }

  /** Words of this reply have come. */
  hasWords(replyId: string): boolean {
    const utterance = this.#find(replyId);
    return utterance !== undefined && (utterance.chars > 0 || Boolean(utterance.whole));
  }

  agentDelta(replyId: string, { item_id, delta, start_ms }: TranscriptAgentDelta): void {
    const utterance = this.#utterance(replyId, item_id);
    if (utterance.whole !== undefined || utterance.chars > MAX_TEXT_CHARS) return;
    announce(utterance, delta, start_ms);
    if (utterance.lastMs < utterance.heardMs) this.#tell(utterance);
  }

  agentFinal(replyId: string, { item_id, text, interrupted }: TranscriptAgent): void {
    const utterance = this.#utterance(replyId, item_id);
    const whole = text.slice(0, MAX_TEXT_CHARS);
    utterance.whole = whole;
    if (interrupted && utterance.sound === 'heard') utterance.sound = 'cut';
    if (interrupted && utterance.lastMs === 0) {
      // Of words without times only the server knows which were spoken.
      const announced = joined(utterance.text, utterance.unheard);
      const rest = announced.startsWith(whole) ? announced.slice(whole.length) : '';
      utterance.text = '';
      utterance.unheard = [
        { text: whole, startMs: 0 },
        { text: rest, startMs: Infinity },
      ];
    } else if (utterance.chars === 0) announce(utterance, whole);
    this.#tell(utterance);
  }

  /**
   * So much of a reply was heard, and at its end what became of it.
   * @returns the words whose time had come.
   */
  heard(replyId: string, heardMs: number, sound: Sound = 'coming'): string {
    const utterance = this.#find(replyId);
    if (utterance?.sound === 'coming') {
      utterance.heardMs = Math.max(utterance.heardMs, heardMs);
      utterance.sound = sound;
      this.#tell(utterance);
    }
    return utterance?.text.trim() ?? '';
  }

  /**
   * The server's session is gone with its ids; what was begun in it stays as far as it came.
   * @param silenced what has arrived of a reply will not be heard, either.
   */
  settle(silenced: boolean): void {
    const unfinished = this.#unfinished;
    this.#unfinished = undefined;
    if (unfinished?.text)
      this.#tellUser(unfinished.text, unfinished.item_id, this.#userOrder(unfinished.item_id, true), true);
    this.#userOrders = [];
    this.#begunOrder = undefined;
    const agent = this.#agent;
    this.#agent = [];
    for (const utterance of agent) {
      if (utterance.sound === 'coming')
        utterance.sound = silenced || utterance.whole === undefined ? 'cut' : 'heard';
      utterance.whole ??= joined(utterance.text, utterance.unheard);
      this.#tell(utterance);
    }
    // Another session counts its items anew: its lines must not be taken for corrections of these.
    this.#dialogue = this.#dialogue.map((line) => ({ ...line, key: undefined }));
  }

  /** The dialogue so far, newest lines within a bound: for a session that takes over. Empty when nothing was said. */
  dialogue(): string {
    const lines: string[] = [];
    let chars = this.#earlier.length;
    for (const { role, text } of [...this.#dialogue].reverse()) {
      if (text === '') continue;
      chars += text.length + 8;
      if (chars > MAX_DIALOGUE_CHARS) break;
      lines.unshift(`${role}: ${text}`);
    }
    return [this.#earlier, ...lines].filter(Boolean).join('\n');
  }

  #find(replyId: string): AgentUtterance | undefined {
    return this.#agent.find((utterance) => utterance.replyId === replyId);
  }

  /** One for which no reply was begun has nothing to wait for. */
  #utterance(replyId: string, itemId: string | undefined, sound: Sound = 'heard'): AgentUtterance {
    const known = this.#find(replyId);
    const utterance = known ?? {
      ...{ replyId, order: ++this.#order, itemId, sound, heardMs: sound === 'heard' ? Infinity : 0 },
      ...{ text: '', unheard: [], lastMs: 0, chars: 0, whole: undefined, told: '', latest: undefined },
    };
    utterance.itemId ??= itemId;
    if (!known) this.#agent = [...this.#agent, utterance].slice(-MAX_UTTERANCES);
    return utterance;
  }

  /** Tells of it when another word was heard, and when it is known what became of it. */
  #tell(utterance: AgentUtterance): void {
    const { replyId, order, itemId, sound, heardMs, unheard, whole } = utterance;
    for (let word = unheard[0]; word && word.startMs < heardMs; word = unheard[0]) {
      utterance.text = appendWord(utterance.text, word.text);
      utterance.latest = unheard.shift();
    }
    const isWhole = sound === 'heard' && whole !== undefined;
    const text = isWhole ? whole : utterance.text.trim();
    const isComing = sound === 'coming';
    if (isComing && text === utterance.told) return;
    const unheardText = isWhole ? '' : joined('', unheard);
    if (text + unheardText === '') return;
    const update: TranscriptUpdate = {
      ...{ role: 'agent', text, final: !isComing && whole !== undefined, interrupted: sound === 'cut' },
      unheardText: unheardText || undefined,
      unspoken: sound === 'silent' || undefined,
      ...{ replyId, itemId, order },
    };
    const told = isComing ? text : JSON.stringify(update);
    if (told === utterance.told) return;
    utterance.told = told;
    this.#emit('transcript', update);
    if (update.final) this.#remember('Agent', replyId, order, text);
  }

  /** @param continues more words of an utterance without an id. */
  #userOrder(itemId: string | undefined, continues: boolean): number {
    const known = this.#userOrders.findLast((user) => user.itemId === itemId);
    if (known && (itemId !== undefined || continues)) return known.order;
    const order = this.#begunOrder ?? ++this.#order;
    this.#begunOrder = undefined;
    this.#userOrders = [...this.#userOrders, { itemId, order }].slice(-MAX_UTTERANCES);
    return order;
  }

  #tellUser(said: string, itemId: string | undefined, order: number, final: boolean): void {
    const text = said.slice(0, MAX_TEXT_CHARS);
    this.#emit('transcript', { role: 'user', text, final, interrupted: false, itemId, order });
    if (final) this.#remember('User', itemId ?? `user-${++this.#userCount}`, order, text);
  }

  #remember(role: Line['role'], key: string, order: number, text: string): void {
    const line = this.#dialogue.find((candidate) => candidate.key === key && candidate.role === role);
    if (line) line.text = text;
    else if (text !== '') {
      const at = this.#dialogue.findLastIndex((earlier) => earlier.order < order) + 1;
      const lines = [...this.#dialogue.slice(0, at), { role, key, order, text }, ...this.#dialogue.slice(at)];
      this.#dialogue = lines.slice(-MAX_DIALOGUE_LINES);
    }
  }
}

/** A word without a time, announced when the sound was cut already, came too late to be heard. */
function announce(utterance: AgentUtterance, text: string, startMs?: number): void {
  const { lastMs, sound } = utterance;
  utterance.lastMs = Math.max(lastMs, startMs ?? (sound === 'cut' ? Infinity : 0));
  utterance.unheard.push({ text, startMs: utterance.lastMs });
  utterance.chars += text.length + 1;
}

function joined(text: string, words: readonly Word[]): string {
  return words.reduce((whole, word) => appendWord(whole, word.text), text).trim();
}

/** Scripts that are written without spaces between words: Han, kana, Thai, Lao, Khmer, Myanmar. */
const UNSPACED =
  '[\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmer}\\p{sc=Myanmar}]';
const UNSPACED_START = new RegExp(`^${UNSPACED}`, 'u');
const UNSPACED_END = new RegExp(`${UNSPACED}$`, 'u');
const CLOSING = /^[\s\p{Pe}\p{Pf}.,;:!?…%。、，！？؟،]/u;
const OPENING = /[\s\p{Ps}\p{Pi}]$/u;

/** Appends a word, with a space where neither side brought one and the script wants it. */
export function appendWord(text: string, word: string): string {
  if (text === '' || word === '') return text + word;
  const joined = OPENING.test(text) || CLOSING.test(word);
  // Two units of either side: a rare character takes both.
  const unspaced = UNSPACED_END.test(text.slice(-2)) || UNSPACED_START.test(word.slice(0, 2));
  return joined || unspaced ? text + word : `${text} ${word}`;
}
