/** What the page and its tools say to the server: sent now, or when the connection is back. */
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

  /** Another session is to be told the story so far before anything else; an earlier story is a part of it. */
  begin(story: ClientMessage): void {
    const isStory = (message: ClientMessage) =>
      message.type === 'conversation.message' && message.role === 'system';
    this.#waiting = [story, ...this.#waiting.filter((message) => !isStory(message))];
  }

  /** The session is up. */
  open(how: Readiness): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const message of waiting) {
      // A session that took over never called that tool.
      if (message.type !== 'tool.result' || how === 'resumed') this.send(message);
    }
  }
}
