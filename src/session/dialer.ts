/**
 * Keeps a call connected: dials, judges how a connection ended, and dials again: with a new token, to resume, or for a
 * fresh session, with growing pauses and a bound.
 */
import { VoiceAgentError } from '../errors.js';
import type { ClientMessage, ServerMessage, SessionReady } from '../protocol/messages.js';
import { Connection, type ConnectionServices } from './connection.js';
import {
  errorOf,
  GIVE_UP_MS,
  judge,
  MAX_START_ATTEMPTS,
  RESUME_WINDOW_MS,
  retryDelayMs,
  type ConnectionEnd,
} from './reconnect.js';
import type { Transport } from './transport.js';

export interface DialerServices extends ConnectionServices {
  /** 0…1. */
  readonly random: () => number;
  /** Whether the host of the service answers at all: tells a refused token from a dead network. */
  readonly isReachable: () => Promise<boolean>;
}

export interface DialerHandlers {
  /** The first message of a connection that does not resume. */
  firstMessage(): ClientMessage;
  ready(message: SessionReady, reconnected: boolean): void;
  message(message: ServerMessage): void;
  malformed(reason: string): void;
  /** A live call lost its connection; `unsentBytes` were in its socket. A new one is on its way. */
  lost(unsentBytes: number): void;
  /** Before every further try. */
  retrying(attempt: number, error: VoiceAgentError): void;
  /** The server closed in good order. */
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
  #sessionId: string | undefined;
  #lostAtMs: number | undefined;
  #openSinceMs: number | undefined;
  #connectedMs = 0;
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
    const first: ClientMessage =
      sessionId === undefined
        ? this.#handlers.firstMessage()
        : { type: 'session.resume', session_id: sessionId };
    const connection = new Connection(
      this.#services,
      {
        ready: (message) => this.#onReady(message),
        message: (message) => this.#handlers.message(message),
        malformed: (reason) => this.#handlers.malformed(reason),
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

  /** The network is back or the page awake: a pause before the next try is over. */
  wake(): void {
    if (!this.#cancelRetry) return;
    this.#cancelRetry();
    this.#cancelRetry = undefined;
    this.dial();
  }

  close(): void {
    if (this.#over) return;
    this.#countTime();
    this.#over = true;
    this.#cancelRetry?.();
    this.#connection?.abandon();
  }

  #onReady(message: SessionReady): void {
    const reconnected = this.#lostAtMs !== undefined;
    this.#attempt = 0;
    this.#tokenRenewed = false;
    this.#lostAtMs = undefined;
    this.#sessionId = message.session_id;
    this.#openSinceMs = this.#services.clock.now();
    this.#handlers.ready(message, reconnected);
  }

  #onEnded(connection: Connection, end: ConnectionEnd): void {
    if (this.#over) return;
    const wasLive = this.#openSinceMs !== undefined;
    this.#countTime();
    if (wasLive && judge(end) === 'closed') {
      this.#over = true;
      this.#handlers.closed();
      return;
    }
    if (wasLive) {
      this.#lostAtMs = this.#services.clock.now();
      this.#handlers.lost(connection.transport?.bufferedBytes ?? 0);
    }
    void this.#next(end);
  }

  async #next(end: ConnectionEnd): Promise<void> {
    switch (judge(end)) {
      case 'new-token':
        if (this.#tokenRenewed) break;
        this.#tokenRenewed = true;
        this.#retryIn(0, end);
        return;
      case 'resume-refused':
        if (this.#sessionId === undefined) break;
        this.#sessionId = undefined;
        this.#retryIn(0, end);
        return;
      case 'retry':
      case 'closed':
        // A person who waits for a call to begin hears of a time-out after the first, not after five.
        if (this.#mayRetry() && (!end.failure || this.#lostAtMs !== undefined)) {
          this.#retryIn(retryDelayMs(this.#attempt, this.#services.random()), end);
          return;
        }
        break;
      case 'fatal':
        // A call that was up is worth another try, unless the server said in words why it will not have it.
        if (this.#lostAtMs !== undefined && !end.complaint && this.#mayRetry()) {
          this.#retryIn(retryDelayMs(this.#attempt, this.#services.random()), end);
          return;
        }
        break;
    }
    await this.#giveUp(end);
  }

  async #giveUp(end: ConnectionEnd): Promise<void> {
    const handshakeFailed = !end.opened && !end.complaint && !end.failure;
    const reachable = handshakeFailed && (await this.#services.isReachable());
    if (this.#over) return;
    // A network that is away for a while is no reason to lose a call that was up.
    if (handshakeFailed && !reachable && this.#lostAtMs !== undefined && this.#mayRetry()) {
      this.#retryIn(retryDelayMs(this.#attempt, this.#services.random()), end);
      return;
    }
    this.#over = true;
    this.#handlers.failed(errorOf(end, reachable));
  }

  #mayRetry(): boolean {
    return this.#lostAtMs === undefined
      ? this.#attempt < MAX_START_ATTEMPTS - 1
      : this.#sinceLostMs() < GIVE_UP_MS;
  }

  #retryIn(delayMs: number, end: ConnectionEnd): void {
    this.#attempt++;
    this.#handlers.retrying(this.#attempt, errorOf(end, false));
    this.#cancelRetry = this.#services.clock.after(delayMs, () => {
      this.#cancelRetry = undefined;
      this.dial();
    });
  }

  #sinceLostMs(): number {
    return this.#lostAtMs === undefined ? 0 : this.#services.clock.now() - this.#lostAtMs;
  }

  #countTime(): void {
    this.#connectedMs = this.connectedMs;
    this.#openSinceMs = undefined;
  }
}
