/**
 * Replies that are asked for in writing. Of a typed message alone the model was seen to know nothing, so its text is also
 * the instruction of the reply. An instruction is forgotten once the reply has called a tool, so it is repeated with the
 * result. No message confirms a line; the reply that begins after it is the only sign that it has arrived.
 */
import type { ClientMessage } from '../protocol/messages.js';
import type { Captions } from './captions.js';

/** Lines without a sign that are kept. */
const MAX_UNSURE = 8;

interface Line {
  readonly itemId: string;
  readonly text: string;
  /** It was on its way when the connection broke, or has been sent again already. */
  readonly isSentAgain: boolean;
}

export class TypedLines {
  readonly #captions: Captions;
  readonly #isReady: () => boolean;
  readonly #send: (message: ClientMessage) => void;
  #count = 0;
  /** Sent, and nothing has shown that they arrived. */
  #unsure: Line[] = [];
  /** Instructions of replies since the user last spoke, oldest first. The first is kept until there is another. */
  #asked: (string | undefined)[] = [];
  /** What became of the first of them. */
  #reply: 'to-come' | 'under-way' | 'goes-on' | 'over' = 'to-come';

  /**
   * @param isReady the connection is up.
   * @param send now, or when the connection is back.
   */
  constructor(captions: Captions, isReady: () => boolean, send: (message: ClientMessage) => void) {
    this.#captions = captions;
    this.#isReady = isReady;
    this.#send = send;
  }

  say(text: string): void {
    const line = { itemId: `typed-${++this.#count}`, text, isSentAgain: false };
    this.#captions.typed(line.itemId, text);
    // One that waits for the connection cannot be lost with it.
    if (this.#isReady()) this.#unsure = [...this.#unsure, line].slice(-MAX_UNSURE);
    this.#tell(text);
  }

  /** Makes the agent speak. */
  ask(instructions: string | undefined): void {
    if (this.#reply === 'over') this.superseded();
    // One that is sent again is asked for already.
    this.#asked = [...this.#asked.filter((asked) => asked !== instructions), instructions].slice(-MAX_UNSURE);
    this.#send({ type: 'reply.create', instructions });
  }

  /** A reply has begun, so the server has what was sent before. */
  arrived(): void {
    this.#unsure = [];
    if (this.#asked.length > 0) this.#reply = 'under-way';
  }

  /** @returns the instruction for the reply that goes on with the same turn; the one under way was not its last. */
  repeat(): string | undefined {
    if (this.#reply === 'to-come') return undefined;
    this.#reply = 'goes-on';
    return this.#asked[0];
  }

  /** The reply under way is over, and no tool is at work for it. */
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

  /** The connection is back: what may have been lost with the last one is said again, once. Twice is better than never. */
  sendAgain(): void {
    const lost = this.#unsure.filter(({ isSentAgain }) => !isSentAgain);
    this.#unsure = lost.map((line) => ({ ...line, isSentAgain: true }));
    for (const { itemId, text } of lost) {
      this.#captions.sentAgain(itemId, text);
      this.#tell(text);
    }
  }

  #tell(text: string): void {
    this.#send({ type: 'conversation.message', role: 'user', content: text });
    this.ask(`The user typed this message, answer it: "${text}"`);
  }
}
