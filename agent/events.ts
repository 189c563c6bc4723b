/** Events for a program that runs the agent in its own process. Not available over the network. */
import { EventEmitter } from 'node:events';
import type { ClientMessage, ServerMessage } from './protocol.js';

export interface AgentEvents {
  /** A connection was opened; no message has been sent yet. */
  connection: [{ readonly connectionId: number; readonly atMs: number }];
  /** Every message of a client; `message` is undefined if it was refused. Times are in milliseconds since 1970. */
  'client-message': [
    {
      readonly connectionId: number;
      readonly sessionId: string | undefined;
      readonly atMs: number;
      readonly message: ClientMessage | undefined;
      readonly text: string;
      /** Fields that are not in the API's reference, usually typos. */
      readonly unknownFields: readonly string[];
    },
  ];
  /** Every message of the agent, at the time when it was written to the socket (after any network fault). */
  'server-message': [
    {
      readonly connectionId: number;
      readonly sessionId: string | undefined;
      readonly atMs: number;
      readonly message: ServerMessage;
    },
  ];
  /** Received audio, decoded; mono, −1…1. */
  'input-audio': [
    {
      readonly sessionId: string;
      readonly atMs: number;
      readonly rateHz: number;
      readonly samples: Float32Array;
    },
  ];
  /** A connection has closed. `by`: the side that closed it; `code` is 1006 without a closing handshake. */
  disconnection: [
    {
      readonly connectionId: number;
      readonly sessionId: string | undefined;
      readonly atMs: number;
      readonly code: number;
      readonly by: 'client' | 'agent';
    },
  ];
  /** A session has ended. */
  'session-over': [{ readonly sessionId: string; readonly atMs: number }];
}

/** Emits {@link AgentEvents}, as an EventEmitter of Node. */
export class AgentEventEmitter extends EventEmitter<AgentEvents> {}
