/**
 * `reply.cancel` asks the server to stop a reply that the page has interrupted. Otherwise it continues unheard, and
 * the next reply waits for it. A server that does not know the message answers `invalid_format`, which is ignored.
 */
import type { ClientMessage, SessionError } from '../protocol/messages.js';
import type { Clock } from './clock.js';

/** A later error was not the answer. */
const ANSWER_MS = 5_000;

export class ReplyCancel {
  readonly #clock: Clock;
  readonly #send: (message: ClientMessage) => void;
  #state: 'known' | 'refused' = 'known';
  #askedAtMs = -Infinity;

  constructor(clock: Clock, send: (message: ClientMessage) => void) {
    this.#clock = clock;
    this.#send = send;
  }

  ask(replyId: string): void {
    if (this.#state === 'refused') return;
    this.#askedAtMs = this.#clock.now();
    this.#send({ type: 'reply.cancel', reply_id: replyId });
  }

  /** @returns whether the server only said that it does not know the message; then it is not sent again */
  isRefusedBy({ code }: SessionError): boolean {
    if (code !== 'invalid_format' || this.#clock.now() - this.#askedAtMs > ANSWER_MS) return false;
    this.#state = 'refused';
    this.#askedAtMs = -Infinity;
    return true;
  }
}
