/** Messages of the page and its tools to the server: sent now, or when the connection is back. */
import type { ClientMessage } from '../protocol/messages.js';
import type { Readiness } from './dialer.js';

/** Messages kept while the connection is down. */
const MAX_WAITING = 32;

export interface Outlet {
  readonly isReady: boolean;
  send(message: ClientMessage): void;
}

export class Outbox {
  readonly #outlet: Outlet;
  #waiting: ClientMessage[] = [];

  constructor(outlet: Outlet) {
    this.#outlet = outlet;
  }

  send(message: ClientMessage): void {
    if (this.#outlet.isReady) this.#outlet.send(message);
    else this.#waiting = [...this.#waiting, message].slice(-MAX_WAITING);
  }

  /** A new session must get the dialogue so far first; it includes any earlier one. */
  begin(story: ClientMessage): void {
    const isStory = (message: ClientMessage) =>
      message.type === 'conversation.message' && message.role === 'system';
    this.#waiting = [story, ...this.#waiting.filter((message) => !isStory(message))];
  }

  /** The session has started. */
  open(how: Readiness): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const message of waiting) {
      // A new session never called that tool.
      if (message.type !== 'tool.result' || how === 'resumed') this.send(message);
    }
  }
}
