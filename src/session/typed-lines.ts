/**
 * Typed input. The message alone was seen to be ignored by the model, so the text also asks for the reply. No message
 * confirms a line; the reply that begins after it is the only sign that it has arrived.
 */
import type { ClientMessage } from '../protocol/messages.js';
import type { Captions } from './captions.js';
import type { Outlet } from './outbox.js';

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
  readonly #outlet: Outlet;
  readonly #send: (message: ClientMessage) => void;
  #count = 0;
  /** Sent, and nothing has shown that they arrived. */
  #unsure: Line[] = [];

  /** @param send now, or when the connection is back. */
  constructor(captions: Captions, outlet: Outlet, send: (message: ClientMessage) => void) {
    this.#captions = captions;
    this.#outlet = outlet;
    this.#send = send;
  }

  say(text: string): void {
    const line = { itemId: `typed-${++this.#count}`, text, isSentAgain: false };
    this.#captions.typed(line.itemId, text);
    // One that waits for the connection cannot be lost with it.
    if (this.#outlet.isReady) this.#unsure = [...this.#unsure, line].slice(-MAX_UNSURE);
    this.#tell(text);
  }

  /** A reply has begun, so the server has them. */
  arrived(): void {
    this.#unsure = [];
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
    this.#send({ type: 'reply.create', instructions: `The user typed this message, answer it: "${text}"` });
  }
}
