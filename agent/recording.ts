/** Records the messages and audio of each connection, for tests to check afterwards. */
import type { AgentEventEmitter } from './events.js';
import type { ClientMessage, ServerMessage } from './protocol.js';

/** A message of either side. */
export interface RecordedMessage<Message> {
  /** `Date.now()` at arrival, or when it was written to the socket. */
  readonly atMs: number;
  readonly message: Message;
}

/** The audio of one message. */
export interface RecordedSound {
  /** `Date.now()` at arrival. */
  readonly atMs: number;
  /** Mono, −1…1. */
  readonly samples: Float32Array;
}

/** Everything about one connection. */
export interface RecordedConnection {
  readonly connectionId: number;
  readonly openedMs: number;
  /** Set from `session.ready` on. */
  sessionId: string | undefined;
  /** Valid messages. */
  readonly clientMessages: RecordedMessage<ClientMessage>[];
  /** Text of the refused messages. */
  readonly refusedTexts: string[];
  /** Fields of all messages that are not in the API's reference. */
  readonly unknownFields: string[];
  readonly serverMessages: RecordedMessage<ServerMessage>[];
  closed: { readonly atMs: number; readonly code: number; readonly by: 'client' | 'agent' } | undefined;
}

/** Keeps what the agent and its clients send, from its construction on. */
export class AgentRecording {
  /** In the order in which they were opened. */
  readonly connections: RecordedConnection[] = [];
  /** By session id; a session may have had several connections. */
  readonly #sounds = new Map<string, { rateHz: number; chunks: RecordedSound[] }>();

  constructor(events: AgentEventEmitter) {
    events.on('connection', ({ atMs, connectionId }) => this.#open(connectionId, atMs));
    events.on('client-message', ({ atMs, connectionId, message, text, unknownFields }) => {
      const connection = this.#connection(connectionId);
      if (message) connection?.clientMessages.push({ atMs, message });
      else connection?.refusedTexts.push(text);
      connection?.unknownFields.push(...unknownFields);
    });
    events.on('server-message', ({ atMs, connectionId, message, sessionId }) => {
      const connection = this.#connection(connectionId);
      connection?.serverMessages.push({ atMs, message });
      if (connection && sessionId !== undefined) connection.sessionId = sessionId;
    });
    events.on('input-audio', ({ atMs, rateHz, samples, sessionId }) => {
      const sound = this.#sounds.get(sessionId) ?? { rateHz, chunks: [] };
      sound.chunks.push({ atMs, samples });
      this.#sounds.set(sessionId, sound);
    });
    events.on('disconnection', ({ atMs, by, code, connectionId }) => {
      const connection = this.#connection(connectionId);
      if (connection) connection.closed = { atMs, code, by };
    });
  }

  /** The audio that a session has received so far, by message. */
  soundChunks(sessionId: string): readonly RecordedSound[] {
    return this.#sounds.get(sessionId)?.chunks ?? [];
  }

  /** The audio that a session has received so far, concatenated, at the rate of its first packet. */
  sound(sessionId: string): { readonly rateHz: number; readonly samples: Float32Array } {
    const chunks = this.soundChunks(sessionId);
    const samples = new Float32Array(chunks.reduce((sum, chunk) => sum + chunk.samples.length, 0));
    let offset = 0;
    for (const chunk of chunks) {
      samples.set(chunk.samples, offset);
      offset += chunk.samples.length;
    }
    return { rateHz: this.#sounds.get(sessionId)?.rateHz ?? 0, samples };
  }

  #open(connectionId: number, openedMs: number): void {
    this.connections.push({
      connectionId,
      openedMs,
      sessionId: undefined,
      clientMessages: [],
      refusedTexts: [],
      unknownFields: [],
      serverMessages: [],
      closed: undefined,
    });
  }

  #connection(connectionId: number): RecordedConnection | undefined {
    return this.connections.find((connection) => connection.connectionId === connectionId);
  }
}
