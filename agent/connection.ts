/** One WebSocket: checks the token and the first message, then connects it to a session. */
import type { Clock } from './clock.js';
import type { AgentEventEmitter } from './events.js';
import type { FaultCounters, Faults } from './faults.js';
import { Link, type LinkSocket } from './link.js';
import { parseClientMessage, unknownType, type ErrorCode, type ParsedMessage } from './protocol.js';
import { seededRandom } from './random.js';
import type { AgentSession, SessionOutlet } from './session.js';
import { firstConfig, type SessionConfig } from './session-config.js';
import type { SessionRegistry } from './session-registry.js';
import type { Region } from './tokens.js';

/** What the client's token allows: a new session (or resuming one), or only resuming its own. */
export type Credential =
  | { readonly kind: 'none' }
  | { readonly kind: 'fresh' }
  | { readonly kind: 'resume'; readonly sessionId: string };

export interface ConnectionOptions {
  readonly connectionId: number;
  readonly clock: Clock;
  readonly events: AgentEventEmitter;
  readonly registry: SessionRegistry;
  readonly faults: Faults;
  readonly counters: FaultCounters;
  /** Key under which faults are counted. */
  readonly scope: string;
  readonly credential: Credential;
  /** Agents of other regions are not found. */
  readonly region: Region;
  /** From the first message to `session.ready`. */
  readonly readyDelayMs: number;
  readonly createSession: (config: SessionConfig) => Promise<AgentSession>;
  readonly socket: LinkSocket & {
    /** Drops the connection without a close frame. */
    terminate(): void;
  };
}

type State =
  | { readonly name: 'new' }
  | { readonly name: 'opening' }
  | { readonly name: 'ready'; readonly session: AgentSession }
  | { readonly name: 'closed'; readonly session: AgentSession | undefined };

const POLICY_VIOLATION = 1008;
const TRY_AGAIN_LATER = 1013;
const INTERNAL_ERROR = 1011;

export class Connection implements SessionOutlet {
  readonly #options: ConnectionOptions;
  readonly #link: Link;
  #state: State = { name: 'new' };
  /** Cancel scheduled faults. */
  #timers: (() => void)[] = [];

  constructor(options: ConnectionOptions) {
    this.#options = options;
    const { clock, connectionId, events, faults, socket } = options;
    const random = seededRandom(faults.seed + 2);
    this.#link = new Link({
      clock,
      faults,
      random,
      socket,
      onSent: (message) => {
        const sessionId = this.sessionId;
        events.emit('server-message', { connectionId, sessionId, atMs: clock.epochMs(), message });
      },
    });
    events.emit('connection', { connectionId, atMs: clock.epochMs() });
    // The only message that the service sends before the client's first.
    if (!this.#isAuthorized()) this.#refuse('unauthorized', 'Invalid or expired token', POLICY_VIOLATION);
  }

  get sessionId(): string | undefined {
    return this.#state.name === 'ready' || this.#state.name === 'closed'
      ? this.#state.session?.id
      : undefined;
  }

  send(message: Parameters<Link['send']>[0]): void {
    this.#link.send(message);
  }

  close(code: number, reason: string): void {
    this.#cancelTimers();
    this.#state = { name: 'closed', session: this.#state.name === 'ready' ? this.#state.session : undefined };
    this.#link.close(code, reason);
  }

  /** Handles one text frame of the client. */
  receive(text: string): void {
    // Frames may still arrive after the close.
    if (this.#state.name === 'closed') return;
    const read = parseClientMessage(text);
    const isUnknown = this.#options.faults.noCancel && read.message?.type === 'reply.cancel';
    const parsed = isUnknown ? unknownType('reply.cancel') : read;
    const { clock, connectionId, events } = this.#options;
    const { message, unknownFields } = parsed;
    const atMs = clock.epochMs();
    events.emit('client-message', {
      connectionId,
      sessionId: this.sessionId,
      atMs,
      message,
      text,
      unknownFields,
    });
    switch (this.#state.name) {
      case 'new':
        this.#receiveFirst(parsed);
        break;
      case 'opening':
        this.#report('invalid_audio', 'Wait for session.ready before sending anything else', 'type');
        break;
      case 'ready':
        this.#receiveLater(parsed, this.#state.session);
        break;
    }
  }

  /** Must be called when the socket has closed. */
  closed(): void {
    this.#cancelTimers();
    this.#link.dispose();
    const state = this.#state;
    this.#state = { name: 'closed', session: state.name === 'ready' ? state.session : undefined };
    if (state.name === 'ready') this.#options.registry.drop(state.session, this);
  }

  #receiveFirst({ message, problems }: ParsedMessage): void {
    const { counters, faults, scope } = this.#options;
    if (counters.take(scope, 'capacity', faults.atCapacityTimes)) {
      this.#refuse('at_capacity', 'At capacity, try again later', TRY_AGAIN_LATER);
    } else if (problems[0]) {
      this.#refuse(problems[0].code, problems[0].message, POLICY_VIOLATION, problems[0].param);
    } else if (message?.type === 'session.update' && this.#options.credential.kind === 'resume') {
      this.#refuse('unauthorized', 'A resume token cannot open a new session', POLICY_VIOLATION);
    } else if (message?.type === 'session.update') {
      this.#open(message.session);
    } else if (message?.type === 'session.resume') {
      this.#resume(message.session_id);
    } else {
      this.#refuse(
        'invalid_value',
        'The first message must be session.update or session.resume',
        POLICY_VIOLATION,
        'type',
      );
    }
  }

  #open(update: Record<string, unknown>): void {
    const { faults, region } = this.#options;
    const result = firstConfig(update, region);
    if (faults.fatalUpdate) {
      this.#refuse('invalid_value', 'system_prompt is not acceptable', POLICY_VIOLATION, 'system_prompt');
    } else if (faults.noText && 'config' in result && asksForText(result.config)) {
      this.#refuse('invalid_value', 'type must be audio', POLICY_VIOLATION, 'output.type');
    } else if ('error' in result) {
      this.#refuse(result.error.code, result.error.message, POLICY_VIOLATION, result.error.param);
    } else {
      this.#whenReady(this.#options.createSession(result.config), (session) => {
        this.#options.registry.add(session);
        session.open(this);
        return undefined;
      });
    }
  }

  #resume(sessionId: string): void {
    const { faults, registry } = this.#options;
    const claimed = this.#resumeRefusal(sessionId) ?? faults.refuseResume ?? registry.claim(sessionId);
    if (typeof claimed === 'string') this.#refuse(claimed, 'The session cannot be resumed', POLICY_VIOLATION);
    else
      this.#whenReady(Promise.resolve(claimed), (session) => {
        // In the meantime, another connection may have claimed it, and left or ended it.
        const again = registry.claim(sessionId);
        if (typeof again === 'string') return again;
        session.resume(this);
        return undefined;
      });
  }

  /** @param begin returns why it could not */
  #whenReady(creation: Promise<AgentSession>, begin: (session: AgentSession) => ErrorCode | undefined): void {
    const { clock, readyDelayMs, registry } = this.#options;
    this.#state = { name: 'opening' };
    const delay = new Promise<void>((resolve) => clock.after(readyDelayMs, resolve));
    const connect = (session: AgentSession): void => {
      if (this.#state.name !== 'opening') {
        // The client has left. A resumed session waits again; a new one cannot be resumed, because its id was not sent.
        if (!registry.park(session)) session.dispose();
        return;
      }
      this.#state = { name: 'ready', session };
      const refusal = begin(session);
      if (refusal) {
        this.#refuse(refusal, 'The session cannot be resumed', POLICY_VIOLATION);
        return;
      }
      this.#link.markReady();
      this.#scheduleFaults(session);
    };
    Promise.all([creation, delay]).then(
      ([session]) => connect(session),
      (error: unknown) => this.#refuse('internal_error', `No session: ${String(error)}`, INTERNAL_ERROR),
    );
  }

  #receiveLater({ message, problems }: ParsedMessage, session: AgentSession): void {
    if (message) session.receive(message);
    else if (problems[0]) this.#report(problems[0].code, problems[0].message, problems[0].param);
  }

  #scheduleFaults(session: AgentSession): void {
    const { clock, faults, registry } = this.#options;
    const { cutAfterMs, endAfterMs, expireAfterMs } = faults;
    const after = (delayMs: number | undefined, action: () => void): void => {
      if (delayMs !== undefined) this.#timers.push(clock.after(delayMs, action));
    };
    after(cutAfterMs, () => this.#cut());
    after(endAfterMs, () => session.endAfterLastReply());
    after(expireAfterMs, () => {
      this.#refuse('session_expired', 'The session has reached its maximum duration', POLICY_VIOLATION);
      registry.expire(session);
    });
  }

  #cancelTimers(): void {
    for (const cancel of this.#timers) cancel();
    this.#timers = [];
  }

  #cut(): void {
    const { counters, faults, scope, socket } = this.#options;
    if (!counters.take(scope, 'cut', faults.cutTimes)) return;
    this.#link.dispose();
    if (faults.cutCode === 1006) socket.terminate();
    else socket.close(faults.cutCode, 'fault');
  }

  #isAuthorized(): boolean {
    const { credential, faults } = this.#options;
    if (credential.kind === 'resume') return faults.resumeRule !== 'fresh';
    return credential.kind === 'fresh';
  }

  #resumeRefusal(sessionId: string): ErrorCode | undefined {
    const { credential, faults } = this.#options;
    if (faults.resumeRule === 'refuse') return 'session_not_found';
    if (credential.kind === 'resume')
      return credential.sessionId === sessionId ? undefined : 'session_forbidden';
    return faults.resumeRule === 'token' ? 'session_forbidden' : undefined;
  }

  /** Sends an error and keeps the connection. */
  #report(code: ErrorCode, message: string, param: string): void {
    const sessionId = this.sessionId;
    this.#link.send({
      type: 'session.error',
      code,
      message,
      ...(param === '' ? {} : { param }),
      ...(sessionId === undefined ? {} : { session_id: sessionId }),
    });
  }

  /** Sends an error and closes the connection. */
  #refuse(code: ErrorCode, message: string, closeCode: number, param?: string): void {
    const where = param === undefined || param === '' ? {} : { param };
    this.#link.send({ type: 'session.error', code, message, ...where }, 'iso');
    this.close(closeCode, code);
  }
}

function asksForText({ input, output }: SessionConfig): boolean {
  return input.type === 'text' || output.type === 'text';
}
