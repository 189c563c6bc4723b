/**
 * Who said what. `transcript.user.delta` brings the whole utterance so far and replaces; `transcript.agent.delta`
 * brings one word and appends, sometimes with its own space and sometimes without. Word times count from the first
 * audible sample of the reply.
 */
import type {
  TranscriptAgent,
  TranscriptAgentDelta,
  TranscriptUser,
  TranscriptUserDelta,
} from '../protocol/messages.js';
import type { EmitSessionEvent, TranscriptUpdate } from './events.js';

/** Utterances whose words are kept for `heardText` and corrections; older ones are settled. */
const MAX_AGENT_UTTERANCES = 8;
/** Characters of one utterance: twenty minutes without a pause. A server that sends more is not transcribing. */
const MAX_TEXT_CHARS = 20_000;
const MAX_WORDS = 4_000;
/** Lines and characters of the dialogue kept for a session that has to take over. */
const MAX_DIALOGUE_LINES = 200;
const MAX_DIALOGUE_CHARS = 8_000;

interface Word {
  readonly text: string;
  readonly startMs: number | undefined;
}

interface AgentUtterance {
  readonly replyId: string;
  itemId?: string;
  words: Word[];
  text: string;
  final: boolean;
  /** Set once the reply was cut: what had been heard by then. */
  heardText?: string;
}

export class Captions {
  readonly #emit: EmitSessionEvent;
  #agent: AgentUtterance[] = [];
  #dialogue: { role: 'User' | 'Agent'; key: string; text: string }[] = [];
  #userCount = 0;
  /** What the user is saying, until it is final. */
  #unfinished: TranscriptUpdate | undefined;

  constructor(emit: EmitSessionEvent) {
    this.#emit = emit;
  }

  user(message: TranscriptUser | TranscriptUserDelta): void {
    const text = message.text.slice(0, MAX_TEXT_CHARS);
    const final = message.type === 'transcript.user';
    const update: TranscriptUpdate = {
      role: 'user',
      text,
      final,
      interrupted: false,
      ...(message.item_id === undefined ? {} : { itemId: message.item_id }),
    };
    this.#unfinished = final ? undefined : update;
    this.#publish(update);
    if (final) this.#remember('User', message.item_id ?? `user-${++this.#userCount}`, text);
  }

  /** Text the user typed, which the server never echoes. */
  typed(itemId: string, text: string): void {
    this.#publish({ role: 'user', text, final: true, interrupted: false, itemId });
    this.#remember('User', itemId, text);
  }

  agentDelta(replyId: string, message: TranscriptAgentDelta): void {
    const utterance = this.#utterance(replyId, message.item_id);
    if (utterance.final || utterance.heardText !== undefined) return;
    if (utterance.words.length >= MAX_WORDS || utterance.text.length > MAX_TEXT_CHARS) return;
    utterance.words.push({ text: message.delta, startMs: message.start_ms });
    utterance.text = appendWord(utterance.text, message.delta);
    this.#publishAgent(utterance, utterance.text, false, false);
  }

  agentFinal(replyId: string, message: TranscriptAgent): void {
    const utterance = this.#utterance(replyId, message.item_id);
    utterance.final = true;
    utterance.text = message.text.slice(0, MAX_TEXT_CHARS);
    // Cut here without the server's knowledge: its text is more than anybody heard.
    const heard = message.interrupted ? undefined : utterance.heardText;
    this.#publishAgent(utterance, heard ?? utterance.text, true, message.interrupted || heard !== undefined);
    this.#remember('Agent', replyId, heard ?? utterance.text);
  }

  /**
   * The reply was cut after `heardMs` of sound.
   * @returns the words whose time had come; the whole text where the server gave no word times.
   */
  cut(replyId: string, heardMs: number): string {
    const utterance = this.#agent.find((candidate) => candidate.replyId === replyId);
    if (!utterance) return '';
    const timed = utterance.words.some((word) => word.startMs !== undefined);
    const heardText = timed
      ? utterance.words
          .filter((word) => word.startMs !== undefined && word.startMs < heardMs)
          .reduce((text, word) => appendWord(text, word.text), '')
          .trim()
      : heardMs > 0
        ? utterance.text.trim()
        : '';
    const alreadySaid = utterance.final && utterance.heardText === undefined;
    utterance.heardText = heardText;
    if (alreadySaid && timed && heardText !== utterance.text) {
      this.#publishAgent(utterance, heardText, true, true);
      this.#remember('Agent', replyId, heardText);
    }
    return heardText;
  }

  /** Words were announced, but all of their sound was silence: a reply that was held back and merged. */
  markUnspoken(replyId: string): void {
    const utterance = this.#agent.find((candidate) => candidate.replyId === replyId);
    if (!utterance || utterance.text === '') return;
    this.#publish({ ...agentUpdate(utterance, utterance.text, true, false), unspoken: true });
    this.#dialogue = this.#dialogue.filter((line) => line.key !== replyId);
  }

  /** The server's session is gone with its ids; what was begun in it stays as far as it came. */
  settle(): void {
    const unfinished = this.#unfinished;
    this.#unfinished = undefined;
    if (unfinished && unfinished.text !== '') {
      this.#publish({ ...unfinished, final: true });
      this.#remember('User', `user-${++this.#userCount}`, unfinished.text);
    }
    for (const utterance of this.#agent) {
      if (utterance.final || utterance.text === '') continue;
      const text = utterance.heardText ?? utterance.text.trim();
      this.#publishAgent(utterance, text, true, utterance.heardText !== undefined);
      this.#remember('Agent', utterance.replyId, text);
    }
    this.#agent = [];
    // Another session counts its items anew: its lines must not be taken for corrections of these.
    this.#dialogue = this.#dialogue.map((line) => ({ ...line, key: '' }));
  }

  /** The dialogue so far, newest lines within a bound: for a session that takes over. Empty when nothing was said. */
  dialogue(): string {
    const lines: string[] = [];
    let chars = 0;
    for (const { role, text } of [...this.#dialogue].reverse()) {
      chars += text.length + 8;
      if (chars > MAX_DIALOGUE_CHARS) break;
      lines.unshift(`${role}: ${text}`);
    }
    return lines.join('\n');
  }

  #utterance(replyId: string, itemId: string | undefined): AgentUtterance {
    const known = this.#agent.find((candidate) => candidate.replyId === replyId);
    if (known) return known;
    const utterance: AgentUtterance = { replyId, words: [], text: '', final: false };
    if (itemId !== undefined) utterance.itemId = itemId;
    this.#agent = [...this.#agent, utterance].slice(-MAX_AGENT_UTTERANCES);
    return utterance;
  }

  #publishAgent(utterance: AgentUtterance, text: string, final: boolean, interrupted: boolean): void {
    this.#publish(agentUpdate(utterance, text, final, interrupted));
  }

  #publish(update: TranscriptUpdate): void {
    this.#emit('transcript', update);
  }

  #remember(role: 'User' | 'Agent', key: string, text: string): void {
    const line = this.#dialogue.find((candidate) => candidate.key === key && candidate.role === role);
    if (line) line.text = text;
    else if (text !== '')
      this.#dialogue = [...this.#dialogue, { role, key, text }].slice(-MAX_DIALOGUE_LINES);
  }
}

function agentUpdate(
  utterance: AgentUtterance,
  text: string,
  final: boolean,
  interrupted: boolean,
): TranscriptUpdate {
  return {
    role: 'agent',
    text,
    final,
    interrupted,
    replyId: utterance.replyId,
    ...(utterance.itemId === undefined ? {} : { itemId: utterance.itemId }),
  };
}

/** Scripts that are written without spaces between words: Han, kana, Thai, Lao, Khmer, Myanmar. */
const UNSPACED =
  '[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}]';
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
