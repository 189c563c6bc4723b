/**
 * Keeps a call connected. When a connection ends, it dials again: with a new token, to resume, or for a fresh session,
 * with growing pauses and a limit.
 */
import type { ErrorReport } from '../errors.js';
import type { ClientMessage, SessionReady } from '../protocol/messages.js';
import {
  Connection,
  type ConnectionHandlers,
  type ConnectionServices,
  type TokenAnswer,
} from './connection.js';
import { dialerPhases, type DialerEvent, type DialerPhase } from './dialer-phase.js';
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
import type { SessionEventDetails } from './events.js';
import type { KeptConnection } from './kept-session.js';
import { GAP_MS, SOCKET_MS, type Wire } from './uplink.js';

/** An attempt younger than this is not stuck: a phone that is unlocked reports twice that it is awake. */
const STUCK_MS = 2_000;
/** A connection that accepts no audio for this long is dead; all that it did not accept is still kept. */
const STALLED_MS = GAP_MS - SOCKET_MS;

export interface DialerServices extends ConnectionServices {
  readonly requestToken: () => Promise<TokenAnswer>;
  /** 0…1. */
  readonly random: () => number;
  /** Whether the server answers at all: distinguishes a refused token from a dead network. */
  readonly isReachable: (url: string) => Promise<boolean>;
}

/** How a session has become ready. */
export type Readiness = SessionEventDetails['session-ready']['how'];

export interface DialerHandlers extends ConnectionHandlers {
  /** The first message of a connection that does not resume. */
  firstMessage(): ClientMessage;
  /** The server has refused it. @returns whether the next one is shorter */
  mayAskForLess(): boolean;
  ready(message: SessionReady, how: Readiness): void;
  /** A live call lost its connection, with `unsentBytes` in its socket. Another attempt follows. */
  lost(unsentBytes: number): void;
  /** Before each further attempt to start a call, unless only the token or the first message was refused. */
  retrying(error: ErrorReport): void;
  /** The connection has closed after `session.end`. */
  closed(): void;
  /** It must close the dialer. */
  failed(error: ErrorReport): void;
}

export class Dialer {
  readonly #services: DialerServices;
  readonly #handlers: DialerHandlers;
  #phase: DialerPhase = 'idle';
  #connection: Connection | undefined;
  #dialledAtMs = 0;
  #cancelRetry: (() => void) | undefined;
  #attempt = 0;
  #tokenRenewed = false;
  /** The session to resume, and the tokens to try, in order; undefined stands for another token from the page. */
  #sessionId: string | undefined;
  #keys: (string | undefined)[] = [];
  #url = '';
  #lostAtMs: number | undefined;
  /** While the session is up, including its end. */
  #upSinceMs: number | undefined;
  /** When the network last accepted audio. */
  #acceptedAtMs = 0;
  /** Of earlier connections; and the part of it that belongs to sessions before the present one. */
  #earlierMs = 0;
  othersMs = 0;

  constructor(services: DialerServices, handlers: DialerHandlers) {
    this.#services = services;
    this.#handlers = handlers;
  }

  /** Where packets go while the session is up. */
  get wire(): Wire | undefined {
    return this.#phase === 'up' ? this.#connection : undefined;
  }

  get isReady(): boolean {
    return this.#phase === 'up' && this.#connection!.isReady;
  }

  /** The server knows this connection, so it needs a `session.end`. */
  get isOpen(): boolean {
    return this.#connection?.isOpen ?? false;
  }

  /** Time with a session up, over all connections. */
  get connectedMs(): number {
    return (
      this.#earlierMs + (this.#upSinceMs === undefined ? 0 : this.#services.clock.now() - this.#upSinceMs)
    );
  }

  /** How another page resumes the session. */
  get kept(): Omit<KeptConnection, 'waiting'> | undefined {
    if (this.#sessionId === undefined || this.#phase === 'leaving' || this.#phase === 'over')
      return undefined;
    return {
      sessionId: this.#sessionId,
      resumeToken: this.#keys.find(Boolean),
      url: this.#url,
      lostMs: this.#phase === 'up' ? 0 : Math.max(1, this.#sinceLostMs()),
      connectedMs: this.connectedMs,
      othersMs: this.othersMs,
    };
  }

  /** Resumes the session of another page. */
  restore({ sessionId, resumeToken, url, lostMs, connectedMs, othersMs }: KeptConnection): void {
    this.#lostAtMs = this.#services.clock.now() - lostMs;
    this.#earlierMs = connectedMs;
    this.othersMs = othersMs;
    this.#know(sessionId, resumeToken, url);
  }

  dial(): void {
    if (!this.#enter('dial')) return;
    this.#dialledAtMs = this.#services.clock.now();
    const sessionId = this.#resumable;
    if (sessionId === undefined) this.othersMs = this.connectedMs;
    const first: ClientMessage =
      sessionId === undefined
        ? this.#handlers.firstMessage()
        : { type: 'session.resume', session_id: sessionId };
    // A listener that was told what is lost with the session may have hung up.
    if (this.#phase === 'over') return;
    const connection: Connection = new Connection(
      this.#services,
      this.#handlers,
      {
        ready: (message) => this.#onReady(message, connection),
        ended: (end) => this.#onEnded(connection, end),
      },
      first,
    );
    this.#connection = connection;
    if (this.#phase === 'leaving') connection.endSession();
    const [token] = sessionId === undefined ? [] : this.#keys;
    const grant = { token, url: this.#url };
    connection.dial(token ? () => Promise.resolve({ grant }) : this.#services.requestToken);
  }

  /** Only while the session is ready. */
  send(message: ClientMessage): void {
    if (this.isReady) this.#connection?.send(message);
  }

  /**
   * This connection is the last one, however it ends.
   * @param mayResume a lost session is resumed for this, while the server keeps it, which is billed
   * @returns false if there is no session to end
   */
  endSession(mayResume: boolean): boolean {
    if (!this.isOpen) {
      if (!mayResume || this.#resumable === undefined) return false;
      this.wake();
    }
    const isLeaving = this.#enter('leave');
    if (isLeaving) this.#connection?.endSession();
    return isLeaving;
  }

  /** The network is back or the page awake: ends a pause before the next attempt, and an attempt that is stuck. */
  wake(): void {
    const isStuck =
      this.#phase === 'dialling' &&
      this.#lostAtMs !== undefined &&
      this.#services.clock.now() - this.#dialledAtMs >= STUCK_MS;
    if (!isStuck && !this.#enter('wake')) return;
    this.#cancelRetry?.();
    if (isStuck) this.#connection?.abandon();
    this.dial();
  }

  /** Audio is sent all the time, so a connection that accepts none of it is dead, long before the system notices. */
  sentAudio(isAccepted: boolean): void {
    const nowMs = this.#services.clock.now();
    if (isAccepted || !this.isReady) this.#acceptedAtMs = nowMs;
    else if (nowMs - this.#acceptedAtMs > STALLED_MS) this.#connection?.drop();
  }

  close(): void {
    this.#countTime();
    if (!this.#enter('close')) return;
    this.#cancelRetry?.();
    this.#connection?.abandon();
  }

  #enter(event: DialerEvent): boolean {
    const next = dialerPhases[this.#phase][event];
    if (next) this.#phase = next;
    return next !== undefined;
  }

  #onReady(message: SessionReady, connection: Connection): void {
    const { resumes, url } = connection;
    if (resumes && message.session_id !== this.#sessionId) {
      // Another session, which knows neither the agent nor what was said.
      connection.abandon();
      const serverError = { code: 'session_not_found', message: '' };
      const end = { opened: true, wasReady: false, closeCode: 1008, serverError, failure: undefined };
      this.#onEnded(connection, end);
      return;
    }
    if (!this.#enter('ready')) return;
    const how = this.#lostAtMs === undefined ? 'first' : resumes ? 'resumed' : 'fresh';
    this.#tokenRenewed = false;
    this.#lostAtMs = undefined;
    const { session_id, resume_token } = message;
    this.#know(session_id, resume_token, url);
    this.#upSinceMs = this.#acceptedAtMs = this.#services.clock.now();
    this.#handlers.ready(message, how);
  }

  #know(sessionId: string, resumeToken: string | undefined, url: string): void {
    this.#sessionId = sessionId;
    this.#keys = resumeToken === undefined ? [undefined] : [resumeToken, undefined];
    this.#url = url;
  }

  #onEnded({ bufferedBytes, resumes }: Connection, end: ConnectionEnd): void {
    const { clock } = this.#services;
    const upSinceMs = this.#upSinceMs;
    const wasUp = upSinceMs !== undefined;
    // If a server accepts every connection and drops it at once, attempts must stay limited, and have pauses.
    if (wasUp && clock.now() - upSinceMs >= STABLE_MS) this.#attempt = 0;
    this.#countTime();
    const hasNextKey = resumes && !wasUp && this.#tryNextKey(end);
    if (this.#phase === 'leaving') {
      // A session whose end the server has not heard is billed.
      if (hasNextKey && this.#keys.length > 0) this.dial();
      else if (this.#enter('close')) this.#handlers.closed();
      return;
    }
    if (!this.#enter('ended')) return;
    if (wasUp) {
      this.#lostAtMs = clock.now();
      this.#handlers.lost(bufferedBytes);
    }
    const delayMs = hasNextKey ? 0 : this.#delayAfter(end);
    if (delayMs === undefined) void this.#giveUp(end);
    else this.#retryIn(delayMs, end);
  }

  /**
   * The server's schema says that `session.resume` needs the token that the session gave; its documentation says a new
   * one. A refused token is not tried again; until the server answers, the two take turns. What the server says about
   * the last one does not matter: a session that cannot be resumed is replaced.
   * @returns whether another one, or a fresh session, is to be tried at once
   */
  #tryNextKey(end: ConnectionEnd): boolean {
    if (isHandshakeFailure(end)) {
      this.#keys.push(this.#keys.shift());
      return false;
    }
    const verdict = judge(end);
    if (verdict === 'retry' || (verdict === 'fatal' && !end.serverError)) return false;
    this.#keys.shift();
    if (this.#keys.length === 0) this.#tokenRenewed = verdict === 'new-token';
    return true;
  }

  /** @returns when to try again; undefined if there is no point */
  #delayAfter(end: ConnectionEnd): number | undefined {
    const isReturn = this.#lostAtMs !== undefined;
    // A network that is away says nothing about the token.
    const isAway = isReturn && isHandshakeFailure(end);
    const isHopeless = /^(protocol_error|api_key_in_page)/.test(end.failure?.key ?? '');
    const refusal = end.wasReady ? undefined : end.serverError;
    const mayRetry = isReturn
      ? this.#sinceLostMs() < GIVE_UP_MS && this.#attempt < MAX_RETURN_ATTEMPTS
      : this.#attempt < MAX_START_ATTEMPTS - 1;
    const pauseMs = mayRetry ? retryDelayMs(this.#attempt, this.#services.random()) : undefined;
    switch (judge(end)) {
      case 'new-token':
        if (isAway || this.#tokenRenewed || pauseMs === undefined) break;
        this.#tokenRenewed = true;
        return isReturn ? pauseMs : 0;
      case 'retry':
        // If a call has not begun yet, report the first time-out, not the fifth.
        if (end.failure && !isReturn) break;
        return pauseMs;
      // No session was to be resumed.
      case 'resume-refused':
      case 'fatal':
        if (refusal?.code.startsWith('invalid_') && this.#handlers.mayAskForLess()) return 0;
        // A call that was up is tried again, unless it is known to fail again.
        if (isReturn && !refusal && !isHopeless) return pauseMs;
    }
    // If a network or a server is away for a while, a call that was up need not end.
    return isAway ? pauseMs : undefined;
  }

  async #giveUp(end: ConnectionEnd): Promise<void> {
    if (!this.#enter('check')) return;
    const reachable = isHandshakeFailure(end) && (await this.#services.isReachable(this.#connection!.url));
    // In the meantime, the network may have returned, or the call may have ended.
    if (this.#phase === 'checking') this.#handlers.failed(errorOf(end, reachable));
  }

  #retryIn(delayMs: number, end: ConnectionEnd): void {
    // A listener that was told about the loss may have closed.
    if (!this.#enter('pause')) return;
    this.#attempt++;
    this.#cancelRetry = this.#services.clock.after(delayMs, () => this.dial());
    // Once the call is up, its state shows that it is being restored. A new token and a shorter first message are tried
    // without a report: a call or one clear error follows. Last, because a listener may close.
    if (this.#lostAtMs === undefined && judge(end) === 'retry') this.#handlers.retrying(errorOf(end, false));
  }

  /** The lost session, while the server keeps it. */
  get #resumable(): string | undefined {
    return this.#keys.length > 0 && this.#sinceLostMs() < RESUME_WINDOW_MS ? this.#sessionId : undefined;
  }

  #sinceLostMs(): number {
    return this.#lostAtMs === undefined ? 0 : this.#services.clock.now() - this.#lostAtMs;
  }

  #countTime(): void {
    this.#earlierMs = this.connectedMs;
    this.#upSinceMs = undefined;
  }
}

/** A refused token or a dead network: they look the same. */
function isHandshakeFailure(end: ConnectionEnd): boolean {
  return !end.opened && !end.failure;
}
