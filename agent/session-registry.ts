/** All sessions, including those that can still be resumed. */
import type { Clock } from './clock.js';
import type { ErrorCode } from './protocol.js';
import type { AgentSession, SessionOutlet } from './session.js';

/** After a dropped connection, a session can be resumed for this long. */
export const RESUME_WINDOW_MS = 30_000;

interface Entry {
  readonly session: AgentSession;
  /** Set while no client is connected. */
  cancelExpiry: (() => void) | undefined;
}

export class SessionRegistry {
  readonly #clock: Clock;
  readonly #entries = new Map<string, Entry>();
  readonly #expired = new Set<string>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#entries.size;
  }

  add(session: AgentSession): void {
    this.#entries.set(session.id, { session, cancelExpiry: undefined });
  }

  remove(id: string): void {
    this.#entries.get(id)?.cancelExpiry?.();
    this.#entries.delete(id);
  }

  /** A connection dropped. Unless the session has a newer one, it waits to be resumed, then ends. */
  drop(session: AgentSession, outlet: SessionOutlet): void {
    if (session.isConnectedTo(outlet)) this.park(session);
  }

  /** Starts the window for resuming. @returns false if the session is not registered */
  park(session: AgentSession): boolean {
    const entry = this.#entries.get(session.id);
    if (!entry) return false;
    session.detach();
    entry.cancelExpiry?.();
    entry.cancelExpiry = this.#clock.after(RESUME_WINDOW_MS, () => {
      this.expire(session);
    });
    return true;
  }

  /** Finds the session with this as its latest resume token. */
  findByResumeToken(token: string): AgentSession | undefined {
    const entries = [...this.#entries.values()];
    return entries.find(({ session }) => session.resumeToken === token)?.session;
  }

  /** Ends the session. Later attempts to resume it get `session_expired`. */
  expire(session: AgentSession): void {
    this.#expired.add(session.id);
    session.dispose();
  }

  /** The session to resume, or why there is none. Replaces a connection that the server still considers open. */
  claim(id: string): AgentSession | ErrorCode {
    const entry = this.#entries.get(id);
    if (!entry) return this.#expired.has(id) ? 'session_expired' : 'session_not_found';
    entry.cancelExpiry?.();
    entry.cancelExpiry = undefined;
    entry.session.detach();
    return entry.session;
  }

  closeAll(): void {
    for (const { session } of [...this.#entries.values()]) session.dispose();
  }
}
