/**
 * Keeps a call connected: dials, judges how a connection ended, and dials again: with a new token, to resume, or for a
 * fresh session, with growing pauses and a bound.
 */
import type { VoiceAgentErrorData } from '../errors.js';
import type { ClientMessage, SessionReady } from '../protocol/messages.js';
import { Connection, type ConnectionHandlers, type ConnectionServices } from './connection.js';
import { dialerPhase, type DialerEvent, type DialerPhase } from './dialer-phase.js';
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
import type { KeptConnection } from './kept-session.js';
import type { Wire } from './uplink.js';

/** A try that is younger than this is not stuck: a phone that is unlocked says twice that it is awake. */
const STUCK_MS = 2_000;

export interface DialerServices extends ConnectionServices {
  /** 0…1. */
  readonly random: () => number;
  /** Whether the server answers at all: tells a refused token from a dead network. */
  readonly isReachable: (url: string) => Promise<boolean>;
}

/** `first` of the call, the same session `resumed`, or a `fresh` one in place of one that is gone. */
export type Readiness = 'first' | 'resumed' | 'fresh';

export interface DialerHandlers extends ConnectionHandlers {
  /** The first message of a connection that does not resume. */
  firstMessage(): ClientMessage;
  /** The server has refused it. @returns whether the next one asks for less. */
  mayAskForLess(): boolean;
  ready(message: SessionReady, how: Readiness): void;
  /** A live call lost its connection; `unsentBytes` were in its socket. A new one is on its way. */
  lost(unsentBytes: number): void;
  /** Before every further try. */
  retrying(error: VoiceAgentErrorData): void;
  /** The connection is gone after the server was told goodbye. */
  closed(): void;
  failed(error: VoiceAgentErrorData): void;
}

/** The token that the session gave, or `new`: another one from the page. */
type Key = { readonly token: string } | 'new';

/** Messages kept while the connection is down. */
const MAX_WAITING = 32;

export class Dialer {
  readonly #services: DialerServices;
  readonly #handlers: DialerHandlers;
  #phase: DialerPhase = 'idle';
  #connection: Connection | undefined;
  #dialledAtMs = 0;
  #waiting: ClientMessage[] = [];
  #cancelRetry: (() => void) | undefined;
  #attempt = 0;
  #tokenRenewed = false;
  /** The session to come back to, and what may open the door to it, in the order of the tries. */
  #sessionId: string | undefined;
  #keys: Key[] = [];
  #url = '';
  #lostAtMs: number | undefined;
  /** While the session is up, its end included. */
  #upSinceMs: number | undefined;
  /** Of the connections before this one. */
  #earlierMs = 0;

  constructor(services: DialerServices, handlers: DialerHandlers) {
    this.#services = services;
    this.#handlers = handlers;
  }

  /** Where what is said goes, while the session is up. */
  get wire(): Wire | undefined {
    return this.#phase === 'up' ? this.#connection : undefined;
  }

  get isReady(): boolean {
    return this.#phase === 'up' && (this.#connection?.isReady ?? false);
  }

  /** The server knows of this connection, so it deserves a `session.end`. */
  get isOpen(): boolean {
    return this.#connection?.isOpen ?? false;
  }

  /** Time with a session up, over all connections. */
  get connectedMs(): number {
    return (
      this.#earlierMs + (this.#upSinceMs === undefined ? 0 : this.#services.clock.now() - this.#upSinceMs)
    );
  }

  /** How another page comes back to the session. */
  get kept(): KeptConnection | undefined {
    if (this.#sessionId === undefined || this.#phase === 'leaving' || this.#phase === 'over')
      return undefined;
    const [key] = this.#keys;
    return {
      ...{
        sessionId: this.#sessionId,
        url: this.#url,
        lostMs: this.#sinceLostMs(),
        connectedMs: this.connectedMs,
      },
      resumeToken: key && key !== 'new' ? key.token : undefined,
    };
  }

  /** The session of another page, instead of one of its own. */
  restore({ sessionId, resumeToken, url, lostMs, connectedMs }: KeptConnection): void {
    this.#lostAtMs = this.#services.clock.now() - lostMs;
    this.#earlierMs = connectedMs;
    this.#know(sessionId, resumeToken, url);
  }

  dial(): void {
    if (!this.#enter('dial')) return;
    const sessionId = this.#sinceLostMs() < RESUME_WINDOW_MS ? this.#sessionId : undefined;
    const first: ClientMessage =
      sessionId === undefined
        ? this.#handlers.firstMessage()
        : { type: 'session.resume', session_id: sessionId };
    const [key] = this.#keys;
    const { requestToken } = this.#services;
    const services: ConnectionServices = {
      ...this.#services,
      requestToken:
        sessionId !== undefined && key && key !== 'new'
          ? () => Promise.resolve({ grant: { token: key.token, url: this.#url } })
          : requestToken,
    };
    const connection: Connection = new Connection(
      services,
      this.#handlers,
      {
        ready: (message) => this.#onReady(message, connection),
        ended: (end) => this.#onEnded(connection, end),
      },
      first,
    );
    this.#connection = connection;
    this.#dialledAtMs = this.#services.clock.now();
    connection.dial();
  }

  /** Sends it now, or when the connection is back. */
  send(message: ClientMessage): void {
    if (this.isReady) this.#connection?.send(message);
    else this.#waiting = [...this.#waiting, message].slice(-MAX_WAITING);
  }

  /** A new session must get the dialogue so far before anything else; it replaces other notes for the agent. */
  sendFirst(story: ClientMessage): void {
    const isNote = (message: ClientMessage): boolean =>
      message.type === 'conversation.message' && message.role === 'system';
    this.#waiting = [story, ...this.#waiting.filter((message) => !isNote(message))];
  }

  /** The session has started. */
  sendWaiting(how: Readiness): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    // A new session never called that tool.
    for (const message of waiting)
      if (message.type !== 'tool.result' || how === 'resumed') this.send(message);
  }

  /** Whatever becomes of the connection now, it was the last. */
  sayGoodbye(): void {
    if (this.#enter('leave')) this.#connection?.sayGoodbye();
  }

  /** The network is back or the page awake: a pause before the next try is over, and so is one that got stuck. */
  wake(): void {
    const isStuck =
      this.#phase === 'dialling' &&
      this.#lostAtMs !== undefined &&
      this.#services.clock.now() - this.#dialledAtMs >= STUCK_MS;
    if (!isStuck && this.#phase !== 'pausing' && this.#phase !== 'checking') return;
    this.#cancelRetry?.();
    if (isStuck) this.#connection?.abandon();
    this.dial();
  }

  /** The network takes nothing any more, without saying so. */
  drop(): void {
    if (this.isReady) this.#connection?.drop();
  }

  close(): void {
    this.#countTime();
    if (!this.#enter('close')) return;
    this.#cancelRetry?.();
    this.#connection?.abandon();
  }

  #enter(event: DialerEvent): boolean {
    const next = dialerPhase(this.#phase, event);
    if (next) this.#phase = next;
    return next !== undefined;
  }

  #onReady(message: SessionReady, { resumes, url }: Connection): void {
    if (!this.#enter('ready')) return;
    const how = this.#lostAtMs === undefined ? 'first' : resumes ? 'resumed' : 'fresh';
    if (how === 'first') this.#attempt = 0;
    this.#tokenRenewed = false;
    this.#lostAtMs = undefined;
    const { session_id, resume_token } = message;
    this.#know(session_id, resume_token, url);
    this.#upSinceMs = this.#services.clock.now();
    this.#handlers.ready(message, how);
  }

  #know(sessionId: string, resumeToken: string | undefined, url: string): void {
    this.#sessionId = sessionId;
    this.#keys = resumeToken === undefined ? ['new'] : [{ token: resumeToken }, 'new'];
    this.#url = url;
  }

  #onEnded({ bufferedBytes, resumes }: Connection, end: ConnectionEnd): void {
    const { clock } = this.#services;
    const wasUp = this.#phase === 'up';
    // A server that takes every call and drops it at once is not to be called for ever, nor without a pause.
    if (this.#upSinceMs !== undefined && clock.now() - this.#upSinceMs >= STABLE_MS) this.#attempt = 0;
    this.#countTime();
    if (this.#phase === 'leaving') {
      if (this.#enter('close')) this.#handlers.closed();
      return;
    }
    if (!this.#enter('ended')) return;
    if (wasUp) {
      this.#lostAtMs = clock.now();
      this.#handlers.lost(bufferedBytes);
    }
    if (!resumes || wasUp || !this.#tryNextKey(end)) this.#next(end);
  }

  /**
   * Nobody can say which token a server wants with `session.resume`: the one that it gave, as its schema has it, or a new
   * one, as it is documented. What it refuses is not tried again; before it has answered, the two take turns.
   * @returns whether there is another one to be tried at once.
   */
  #tryNextKey(end: ConnectionEnd): boolean {
    const [key] = this.#keys;
    if (isHandshakeFailure(end)) {
      if (key) this.#keys = [...this.#keys.slice(1), key];
      return false;
    }
    const verdict = judge(end);
    const isRefusal = verdict === 'resume-refused' || verdict === 'new-token';
    if (!isRefusal || (this.#keys.length === 1 && key === 'new')) return false;
    this.#keys.shift();
    // Neither has opened it.
    if (this.#keys.length === 0) this.#sessionId = undefined;
    this.#retryIn(0, end);
    return true;
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
        // A person who waits for a call to begin hears of a time-out after the first, not after five.
        if (!this.#mayRetry() || (end.failure && !isReturn)) break;
        this.#retryIn(pauseMs, end);
        return;
      case 'fatal':
        if (end.complaint?.code.startsWith('invalid_') && this.#handlers.mayAskForLess()) {
          this.#retryIn(0, end);
          return;
        }
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
    if (!this.#enter('check')) return;
    const reachable =
      isHandshakeFailure(end) && (await this.#services.isReachable(this.#connection?.url ?? ''));
    // Meanwhile the network may have come back, or the call have ended.
    if (this.#phase === 'checking' && this.#enter('close')) this.#handlers.failed(errorOf(end, reachable));
  }

  #mayRetry(): boolean {
    return this.#lostAtMs === undefined
      ? this.#attempt < MAX_START_ATTEMPTS - 1
      : this.#sinceLostMs() < GIVE_UP_MS && this.#attempt < MAX_RETURN_ATTEMPTS;
  }

  #retryIn(delayMs: number, end: ConnectionEnd): void {
    // Whoever heard of the loss may have closed.
    if (!this.#enter('pause')) return;
    this.#attempt++;
    this.#cancelRetry = this.#services.clock.after(delayMs, () => this.dial());
    // One new token, and asking for less, is tried in silence: what follows is a call, or one clear error.
    if (this.#lostAtMs === undefined && judge(end) !== 'retry') return;
    // Last, because whoever hears of it may close.
    this.#handlers.retrying(errorOf(end, false));
  }

  #sinceLostMs(): number {
    return this.#lostAtMs === undefined ? 0 : this.#services.clock.now() - this.#lostAtMs;
  }

  #countTime(): void {
    this.#earlierMs = this.connectedMs;
    this.#upSinceMs = undefined;
  }
}

/** A refused token and a dead network look the same here. */
function isHandshakeFailure(end: ConnectionEnd): boolean {
  return !end.opened && !end.complaint && !end.failure;
}

function isHopeless(end: ConnectionEnd): boolean {
  return end.failure?.code === 'protocol_error' || end.failure?.code === 'api_key_in_page';
}
