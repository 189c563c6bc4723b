import { encodeClientMessage } from '../../src/protocol/codec.js';
import type { ClientMessage } from '../../src/protocol/messages.js';
import type { OpenTransport, Transport, TransportHandlers } from '../../src/session/transport.js';
import type { Wire } from '../../src/session/uplink.js';

/** A message as it lies on the wire: sound is base64 there. */
export type SentMessage =
  Exclude<ClientMessage, { type: 'input.audio' }> | { type: 'input.audio'; audio: string };

/** One connection as a test drives it from the server's end. */
export class ScriptedTransport implements Transport {
  readonly url: string;
  readonly sent: SentMessage[] = [];
  bufferedBytes = 0;
  closedByClient = false;
  readonly #handlers: TransportHandlers;

  constructor(url: string, handlers: TransportHandlers) {
    this.url = url;
    this.#handlers = handlers;
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text) as SentMessage);
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

  sentOfType<T extends SentMessage['type']>(type: T): Extract<SentMessage, { type: T }>[] {
    return this.sent.filter((message): message is Extract<SentMessage, { type: T }> => message.type === type);
  }
}

/** The transport as a part of a session sees it that only sends. */
export function wireOf(transport: ScriptedTransport): Wire {
  return {
    send: (message) => transport.send(encodeClientMessage(message)),
    get bufferedBytes() {
      return transport.bufferedBytes;
    },
  };
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
