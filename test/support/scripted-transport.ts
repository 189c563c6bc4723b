import type { ClientMessage } from '../../src/protocol/messages.js';
import type { OpenTransport, Transport, TransportHandlers } from '../../src/session/transport.js';

/** One connection as a test drives it from the server's end. */
export class ScriptedTransport implements Transport {
  readonly url: string;
  readonly sent: ClientMessage[] = [];
  bufferedBytes = 0;
  closedByClient = false;
  readonly #handlers: TransportHandlers;

  constructor(url: string, handlers: TransportHandlers) {
    this.url = url;
    this.#handlers = handlers;
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text) as ClientMessage);
  }

  close(): void {
    this.closedByClient = true;
  }

  serverOpens(): void {
    this.#handlers.opened();
  }

  serverSends(...messages: Record<string, unknown>[]): void {
    for (const message of messages) this.#handlers.received(JSON.stringify(message));
  }

  serverSendsRaw(data: unknown): void {
    this.#handlers.received(data);
  }

  serverCloses(code: number): void {
    this.#handlers.closed(code);
  }

  sentOfType<T extends ClientMessage['type']>(type: T): Extract<ClientMessage, { type: T }>[] {
    return this.sent.filter(
      (message): message is Extract<ClientMessage, { type: T }> => message.type === type,
    );
  }
}

/** Hands out scripted connections and keeps them in the order they were opened. */
export class ScriptedServerEnd {
  readonly connections: ScriptedTransport[] = [];

  readonly open: OpenTransport = (url, handlers) => {
    const transport = new ScriptedTransport(url, handlers);
    this.connections.push(transport);
    return transport;
  };

  get latest(): ScriptedTransport {
    const latest = this.connections.at(-1);
    if (!latest) throw new Error('The client has not connected.');
    return latest;
  }
}
