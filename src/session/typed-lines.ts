/**
 * Replies to typed text. The model was observed to ignore a bare typed message, so its text is also the instruction
 * of the reply. An instruction is forgotten once the reply has called a tool, so it is repeated with the result. No
 * message confirms a line; only the next reply shows that it has arrived.
 */
import type { ClientMessage } from '../protocol/messages.js';
import type { Dialogue } from './dialogue.js';

/** Maximum number of unconfirmed lines. */
const MAX_UNSURE = 8;

interface Line {
  readonly itemId: string;
  readonly text: string;
  /** It was being sent when the connection broke, or was already sent again. */
  readonly isSentAgain: boolean;
}

export class TypedLines {
  readonly #dialogue: Dialogue;
  readonly #isReady: () => boolean;
  readonly #send: (message: ClientMessage) => void;
  #count = 0;
  /** Sent but not confirmed. */
  #unsure: Line[] = [];
  /** Waiting for the connection, so they cannot be lost with it yet. */
  #held: Line[] = [];
  /** Instructions of replies since the user last spoke, oldest first. The first is kept until there is another. */
  #asked: (string | undefined)[] = [];
  /** The status of the first of them. */
  #reply: 'to-come' | 'under-way' | 'goes-on' | 'over' = 'to-come';

  /**
   * @param isReady the session has started
   * @param send now, or when the connection is back
   */
  constructor(dialogue: Dialogue, isReady: () => boolean, send: (message: ClientMessage) => void) {
    this.#dialogue = dialogue;
    this.#isReady = isReady;
    this.#send = send;
  }

  /** The instruction of a reply that is under way, for another page: with the result of a tool it is repeated. */
  get kept(): string | undefined {
    return this.#reply === 'under-way' || this.#reply === 'goes-on' ? this.#asked[0] : undefined;
  }

  restore(asked: string | undefined): void {
    if (asked === undefined) return;
    this.#asked = [asked];
    this.#reply = 'under-way';
  }

  say(text: string): void {
    const line = { itemId: `typed-${++this.#count}`, text, isSentAgain: false };
    this.#dialogue.typed(line.itemId, text);
    if (this.#isReady()) this.#unsure = [...this.#unsure, line].slice(-MAX_UNSURE);
    else this.#held = [...this.#held, line].slice(-MAX_UNSURE);
    this.#tell(text);
  }

  /** Makes the agent speak. */
  ask(instructions: string | undefined): void {
    if (this.#reply === 'over') this.superseded();
    // A line that is sent again already has its request.
    this.#asked = [...this.#asked.filter((asked) => asked !== instructions), instructions].slice(-MAX_UNSURE);
    this.#send({ type: 'reply.create', instructions });
  }

  /** A reply has begun, so the server has received what was sent before. */
  arrived(): void {
    this.#unsure = [];
    if (this.#asked.length > 0) this.#reply = 'under-way';
  }

  /** @returns the instruction for the reply that continues the same turn; the current one was not its last */
  repeat(): string | undefined {
    if (this.#reply === 'to-come') return undefined;
    this.#reply = 'goes-on';
    return this.#asked[0];
  }

  /** The current reply is over, and no tool is running for it. */
  answered(): void {
    if (this.#reply !== 'under-way') return;
    this.#reply = this.#asked.length > 1 ? 'to-come' : 'over';
    if (this.#reply === 'to-come') this.#asked.shift();
  }

  /** The user has spoken since. */
  superseded(): void {
    this.#asked = [];
    this.#reply = 'to-come';
  }

  /**
   * The connection is back: a line that may have been lost is sent again, once. Twice is better than never. Lines that have waited
   * are being sent.
   */
  connected(): void {
    const lost = this.#unsure.filter(({ isSentAgain }) => !isSentAgain);
    this.#unsure = lost.map((line) => ({ ...line, isSentAgain: true }));
    for (const { itemId, text } of lost) {
      this.#dialogue.typed(itemId, text, true);
      this.#tell(text);
    }
    this.#unsure = [...this.#unsure, ...this.#held].slice(-MAX_UNSURE);
    this.#held = [];
  }

  #tell(text: string): void {
    this.#send({ type: 'conversation.message', role: 'user', content: text });
    this.ask(`The user typed this message, answer it: "${text}"`);
  }
}
