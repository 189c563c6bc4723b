/** The options and services of a session. */
import type { SessionConfig } from '../protocol/messages.js';
import type { SoundCommand } from '../worklet/messages.js';
import type { CallLimitOptions } from './call-limits.js';
import type { ConversationOptions } from './conversation.js';
import type { DialerServices } from './dialer.js';
import type { EmitSessionEvent } from './events.js';
import type { ResumedSession } from './kept-session.js';
import type { Formats } from './session-keeping.js';

export interface SessionOptions extends CallLimitOptions, ConversationOptions {
  /** What the agent is expected to use; the server's resolved session wins. */
  readonly formats: Formats;
  /** What the page tells of itself. */
  readonly context?: string | undefined;
  /** The session of another page, which this one continues. */
  readonly resumed?: ResumedSession;
  /** Fields that are asked for where the server accepts them. */
  readonly wished?: SessionConfig | undefined;
}

export interface SessionServices extends DialerServices {
  /** Sends to the worklet. */
  readonly post: (command: SoundCommand) => void;
  readonly emit: EmitSessionEvent;
}
