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
}

export class TypedLines {
  readonly #dialogue: Dialogue;
  readonly #send: (message: ClientMessage) => void;
  #count = 0;
  /** Not confirmed; they have been sent whenever a connection is lost. */
  #unsure: Line[] = [];
  /** Instructions of replies since the user last spoke, oldest first. The first is kept until there is another. */
  #asked: (string | undefined)[] = [];
  /** The status of the first of them. */
  #reply: 'to-come' | 'under-way' | 'goes-on' | 'over' = 'to-come';

  /** @param send now, or when the connection is back */
  constructor(dialogue: Dialogue, send: (message: ClientMessage) => void) {
    this.#dialogue = dialogue;
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
    const itemId = `typed-${++this.#count}`;
    this.#dialogue.typed(itemId, text);
    this.#unsure = [...this.#unsure, { itemId, text }].slice(-MAX_UNSURE);
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
   * The connection is lost. A line that may be lost with it is sent again, once, when the next connection is ready: receiving a
   * line twice is better than never.
   */
  lost(): void {
    const lost = this.#unsure;
    this.#unsure = [];
    for (const { itemId, text } of lost) {
      this.#dialogue.typed(itemId, text, true);
      this.#tell(text);
    }
  }

  #tell(text: string): void {
    this.#send({ type: 'conversation.message', role: 'user', content: text });
    this.ask(`The user typed this message, answer it: "${text}"`);
  }
}
