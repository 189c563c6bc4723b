/** What a program that runs the agent in its own process may watch. Never available over the network. */
import { EventEmitter } from 'node:events';
import type { ClientMessage, ServerMessage } from './protocol.js';

export interface AgentEvents {
  /** A connection was opened, before anything was said. */
  connection: [{ readonly connectionId: number; readonly atMs: number }];
  /** Every message of a client; `message` is missing when it was refused. Times: milliseconds since 1970. */
  'client-message': [
    {
      readonly connectionId: number;
      readonly sessionId: string | undefined;
      readonly atMs: number;
      readonly message: ClientMessage | undefined;
      readonly text: string;
      /** Fields that the API's reference does not know: most likely mistakes. */
      readonly unknownFields: readonly string[];
    },
  ];
  /** Every message of the agent, when it was written to the socket (after any network fault). */
  'server-message': [
    {
      readonly connectionId: number;
      readonly sessionId: string | undefined;
      readonly atMs: number;
      readonly message: ServerMessage;
    },
  ];
  /** What was heard, decoded; mono, −1…1. */
  'input-audio': [
    {
      readonly sessionId: string;
      readonly atMs: number;
      readonly rateHz: number;
      readonly samples: Float32Array;
    },
  ];
  /** A connection is gone. `by`: whose doing; 1006 for one without a closing handshake. */
  disconnection: [
    {
      readonly connectionId: number;
      readonly sessionId: string | undefined;
      readonly atMs: number;
      readonly code: number;
      readonly by: 'client' | 'agent';
    },
  ];
  /** A session is over for good. */
  'session-over': [{ readonly sessionId: string; readonly atMs: number }];
}

export class AgentEventEmitter extends EventEmitter<AgentEvents> {}
