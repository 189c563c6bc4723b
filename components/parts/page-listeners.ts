import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { outsideZones } from './zones.js';

type PageHost = ReactiveControllerHost & HTMLElement;

/** Listeners on the document, or the window, that a host is in: it may move to another one, as into a small window. */
export class PageListeners implements ReactiveController {
  readonly #host: PageHost;
  readonly #listen: (page: Document, signal: AbortSignal) => void;
  #away = new AbortController();

  /** @param listen called whenever the host comes into a page; `signal` is aborted when it leaves that. */
  constructor(host: PageHost, listen: (page: Document, signal: AbortSignal) => void) {
    this.#host = host;
    this.#listen = listen;
    host.addController(this);
  }

  hostConnected(): void {
    this.#away = new AbortController();
    outsideZones(() => this.#listen(this.#host.ownerDocument, this.#away.signal));
  }

  hostDisconnected(): void {
    this.#away.abort();
  }
}
