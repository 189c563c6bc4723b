/**
 * Keeps a call connected: dials, judges how a connection ended, and dials again: with a new token, to resume, or for a
 * fresh session, with growing pauses and a bound.
 */
import type { VoiceAgentError } from '../errors.js';
import type { ClientMessage, ServerMessage, SessionReady } from '../protocol/messages.js';
import { Connection, type ConnectionServices } from './connection.js';
import {
  errorOf,
  GIVE_UP_MS,
  judge,
  MAX_RETURN_ATTEMPTS,
  MAX_START_ATTEMPTS,
  RESUME_WINDOW_MS,
  retryDelayMs,
  STABLE_MS,
  type ConnectionEnd,
} from './reconnect.js';
import type { Transport } from './transport.js';

export interface DialerServices extends ConnectionServices {
  /** 0…1. */
  readonly random: () => number;
  /** Whether the host of the service answers at all: tells a refused token from a dead network. */
  readonly isReachable: () => Promise<boolean>;
}

/** `first` of the call, the same session `resumed`, or a `fresh` one in place of one that is gone. */
export type Readiness = 'first' | 'resumed' | 'fresh';

export interface DialerHandlers {
  /** The first message of a connection that does not resume. */
  firstMessage(): ClientMessage;
  ready(message: SessionReady, how: Readiness): void;
  message(message: ServerMessage): void;
  malformed(reason: string): void;
  /** A live call lost its connection; `unsentBytes` were in its socket. A new one is on its way. */
  lost(unsentBytes: number): void;
  /** Before every further try. */
  retrying(error: VoiceAgentError): void;
  /** The server closed in good order, or after it was told goodbye. */
  closed(): void;
  failed(error: VoiceAgentError): void;
}

export class Dialer {
  readonly #services: DialerServices;
  readonly #handlers: DialerHandlers;
  #connection: Connection | undefined;
  #cancelRetry: (() => void) | undefined;
  #attempt = 0;
  #tokenRenewed = false;
  #resuming = false;
  #sessionId: string | undefined;
  #lostAtMs: number | undefined;
  #openSinceMs: number | undefined;
  #connectedMs = 0;
  #leaving = false;
  #over = false;

  constructor(services: DialerServices, handlers: DialerHandlers) {
    this.#services = services;
    this.#handlers = handlers;
  }

  get transport(): Transport | undefined {
    return this.#connection?.transport;
  }

  get isReady(): boolean {
    return this.#connection?.isReady ?? false;
  }

  /** The server knows of this connection, so it deserves a `session.end`. */
  get isOpen(): boolean {
    return this.#connection?.opened ?? false;
  }

  /** Time with a session up, over all connections. */
  get connectedMs(): number {
    return (
      this.#connectedMs +
      (this.#openSinceMs === undefined ? 0 : this.#services.clock.now() - this.#openSinceMs)
    );
  }

  dial(): void {
    const resumable = this.#sessionId !== undefined && this.#sinceLostMs() < RESUME_WINDOW_MS;
    const sessionId = resumable ? this.#sessionId : undefined;
    this.#resuming = resumable;
    const first: ClientMessage =
      sessionId === undefined
        ? this.#handlers.firstMessage()
        : { type: 'session.resume', session_id: sessionId };
    const connection = new Connection(
      this.#services,
      {
        ...this.#handlers,
        ready: (message) => this.#onReady(message),
        ended: (end) => this.#onEnded(connection, end),
      },
      first,
    );
    this.#connection = connection;
    connection.dial();
  }

  send(message: ClientMessage): void {
    this.#connection?.send(message);
  }

  /** Whatever becomes of the connection now, it was the last. */
  sayGoodbye(): void {
    this.#leaving = true;
    this.send({ type: 'session.end' });
  }

  /** The network is back or the page awake: a pause before the next try is over, and so is one that got stuck. */
  wake(): void {
    if (this.#over || (!this.#cancelRetry && this.#lostAtMs === undefined)) return;
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    this.#connection?.abandon();
    this.dial();
  }

  /** The network takes nothing any more, without saying so. */
  drop(): void {
    if (this.isReady) this.#connection?.drop();
  }

  close(): void {
    if (this.#over) return;
    this.#countTime();
    this.#over = true;
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    this.#connection?.abandon();
  }

  #onReady(message: SessionReady): void {
    // Hung up while the session was being made: it must not live on.
    if (this.#leaving) {
      this.sayGoodbye();
      return;
    }
    const how = this.#lostAtMs === undefined ? 'first' : this.#resuming ? 'resumed' : 'fresh';
    if (how === 'first') this.#attempt = 0;
    this.#tokenRenewed = false;
    this.#lostAtMs = undefined;
    this.#sessionId = message.session_id;
    this.#openSinceMs = this.#services.clock.now();
    this.#handlers.ready(message, how);
  }

  #onEnded(connection: Connection, end: ConnectionEnd): void {
    if (this.#over) return;
    const { clock } = this.#services;
    const wasLive = this.#openSinceMs !== undefined;
    // A server that takes every call and drops it at once is not to be called for ever, nor without a pause.
    if (this.#openSinceMs !== undefined && clock.now() - this.#openSinceMs >= STABLE_MS) this.#attempt = 0;
    this.#countTime();
    if (this.#leaving || (wasLive && judge(end) === 'closed')) {
      this.#over = true;
      this.#handlers.closed();
      return;
    }
    if (wasLive) {
      this.#lostAtMs = clock.now();
      this.#handlers.lost(connection.transport?.bufferedBytes ?? 0);
    }
    // Whoever heard of the loss may have closed.
    if (!this.#isOver()) this.#next(end);
  }

  #next(end: ConnectionEnd): void {
    const isReturn = this.#lostAtMs !== undefined;
    const pauseMs = retryDelayMs(this.#attempt, this.#services.random());
    switch (judge(end)) {
      case 'new-token':
        // A network that is away says nothing of the token.
        if (isReturn && isHandshakeFailure(end)) break;
        if (this.#tokenRenewed || !this.#mayRetry()) break;
        this.#tokenRenewed = true;
        this.#retryIn(isReturn ? pauseMs : 0, end);
        return;
      case 'resume-refused':
        if (this.#sessionId === undefined) break;
        this.#sessionId = undefined;
        this.#retryIn(0, end);
        return;
      case 'retry':
      case 'closed':
        // A person who waits for a call to begin hears of a time-out after the first, not after five.
        if (!this.#mayRetry() || (end.failure && !isReturn)) break;
        this.#retryIn(pauseMs, end);
        return;
      case 'fatal':
        // A call that was up is worth another try, unless it is known why it would fail again.
        if (!isReturn || end.complaint || isHopeless(end) || !this.#mayRetry()) break;
        this.#retryIn(pauseMs, end);
        return;
    }
    // A network, or a server, that is away for a while is no reason to lose a call that was up.
    if (isReturn && isHandshakeFailure(end) && this.#mayRetry()) this.#retryIn(pauseMs, end);
    else void this.#giveUp(end);
  }

  async #giveUp(end: ConnectionEnd): Promise<void> {
    const reachable = isHandshakeFailure(end) && (await this.#services.isReachable());
    if (this.#over) return;
    this.#over = true;
    this.#handlers.failed(errorOf(end, reachable));
  }

  // The compiler would take `#over` for unchanged across a call.
  #isOver(): boolean {
    return this.#over;
  }

  #mayRetry(): boolean {
    return this.#lostAtMs === undefined
      ? this.#attempt < MAX_START_ATTEMPTS - 1
      : this.#sinceLostMs() < GIVE_UP_MS && this.#attempt < MAX_RETURN_ATTEMPTS;
  }

  #retryIn(delayMs: number, end: ConnectionEnd): void {
    this.#attempt++;
    this.#cancelRetry = this.#services.clock.after(delayMs, () => {
      this.#cancelRetry = undefined;
      this.dial();
    });
    // One new token is tried in silence: what follows is a call, or one clear error.
    if (this.#lostAtMs === undefined && judge(end) === 'new-token') return;
    // Last, because whoever hears of it may close.
    this.#handlers.retrying(errorOf(end, false));
  }

  #sinceLostMs(): number {
    return this.#lostAtMs === undefined ? 0 : this.#services.clock.now() - this.#lostAtMs;
  }

  #countTime(): void {
    this.#connectedMs = this.connectedMs;
    this.#openSinceMs = undefined;
  }
}

/** A refused token and a dead network look the same here. */
function isHandshakeFailure(end: ConnectionEnd): boolean {
  return !end.opened && !end.complaint && !end.failure;
}

function isHopeless(end: ConnectionEnd): boolean {
  return end.failure?.code === 'protocol_error' || end.failure?.code === 'api_key_in_page';
}
