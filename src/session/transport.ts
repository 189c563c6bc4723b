/** What carries text both ways. The session knows only this; `websocket-transport.ts` is the one that names WebSocket. */
export interface Transport {
  send(text: string): void;
  /** Begins to close; `closed` of the handlers is still called, once. */
  close(): void;
  /** Bytes handed to `send` that the network has not taken yet. */
  readonly bufferedBytes: number;
}

export interface TransportHandlers {
  opened(): void;
  received(data: unknown): void;
  /** Once, and nothing after it. `code` as in RFC 6455 §7.4.1; 1006 where no close frame came. */
  closed(code: number): void;
}

/** Begins to open; every outcome, a refused address included, arrives through the handlers. */
export type OpenTransport = (url: string, handlers: TransportHandlers) => Transport;
