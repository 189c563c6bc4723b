/** Carries text both ways. The session knows only this interface; only `websocket-transport.ts` names WebSocket. */
export interface Transport {
  send(text: string): void;
  /** Starts closing; the handler `closed` is still called, once. */
  close(): void;
  /** Bytes handed to `send` that the network has not accepted yet. */
  readonly bufferedBytes: number;
}

export interface TransportHandlers {
  opened(): void;
  received(data: unknown): void;
  /** Called once, and last. `code` as in RFC 6455 §7.4.1; 1006 if no close frame arrived. */
  closed(code: number): void;
}

/** Starts opening; every outcome, including an invalid URL, arrives through the handlers. */
export type OpenTransport = (url: string, handlers: TransportHandlers) => Transport;
