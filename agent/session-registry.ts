/** Which sessions there are, and which of them may come back. */
import type { Clock } from './clock.js';
import type { ErrorCode } from './protocol.js';
import type { AgentSession, SessionOutlet } from './session.js';

/** An unclean drop leaves a session resumable for this long. */
export const RESUME_WINDOW_MS = 30_000;

interface Entry {
  readonly session: AgentSession;
  /** Set while nobody is connected. */
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

  /** A connection broke: if the session has no newer one, it waits to be resumed, then ends. */
  drop(session: AgentSession, outlet: SessionOutlet): void {
    if (session.isConnectedTo(outlet)) this.park(session);
  }

  /** Nobody is connected to the session: its window begins. False for one that is not registered. */
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

  /** The session whose latest resume token this is. */
  findByResumeToken(token: string): AgentSession | undefined {
    const entries = [...this.#entries.values()];
    return entries.find(({ session }) => session.resumeToken === token)?.session;
  }

  /** The session is over for good, and says so to those who come back. */
  expire(session: AgentSession): void {
    this.#expired.add(session.id);
    session.dispose();
  }

  /** The session to go on with, or why there is none. A connection that the server still thinks alive is replaced. */
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
