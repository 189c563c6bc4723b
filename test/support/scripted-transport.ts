import { encodeClientMessage } from '../../src/protocol/codec.js';
import type { ClientMessage } from '../../src/protocol/messages.js';
import type { OpenTransport, Transport, TransportHandlers } from '../../src/session/transport.js';
import type { Wire } from '../../src/session/uplink.js';

/** A message on the wire, where audio is base64. */
export type SentMessage =
  Exclude<ClientMessage, { type: 'input.audio' }> | { type: 'input.audio'; audio: string };

/** One connection, which a test controls from the server's end. */
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

/** Records the messages of a part of a session that only sends. */
export function wireOf(transport: ScriptedTransport): Wire {
  return {
    send: (message) => transport.send(encodeClientMessage(message)),
    get bufferedBytes() {
      return transport.bufferedBytes;
    },
  };
}

/** Creates scripted connections and keeps them in order. */
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
