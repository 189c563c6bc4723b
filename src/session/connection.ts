/** One connection: token → socket → first message → `session.ready`, each step with its own time limit. */
import type { ErrorReport } from '../errors.js';
import { decodeServerMessage, encodeClientMessage, type Decoded } from '../protocol/codec.js';
import type {
  ClientMessage,
  ConversationMessage,
  ReplyError,
  ResolvedSessionConfig,
  ServerMessage,
  SessionError,
  SessionReady,
} from '../protocol/messages.js';
import type { Clock } from './clock.js';
import { connectionPhases, type ConnectionEvent, type ConnectionPhase } from './connection-phase.js';
import type { ConnectionEnd, ServerError } from './reconnect.js';
import type { OpenTransport, Transport } from './transport.js';

/** For a token from the page, and so for its own request. */
export const TOKEN_MS = 10_000;
const OPEN_MS = 10_000;
const READY_MS = 10_000;
/** After a fatal error the server closes the connection; if it does not, we do. */
const CLOSE_MS = 1_000;
/** An error from the server explains a close that follows within this time. */
const RECENT_MS = 5_000;
/** A server that exceeds this within the window is broken: its messages would keep the page busy. */
const WINDOW_MS = 5_000;
/** In total 5000 short messages, or four of the longest, or audio at some 50 times real time. */
const MAX_LOAD_IN_WINDOW = 4_000_000;
const MAX_MALFORMED_IN_WINDOW = 100;
/** Of the server's description of an error. */
const MAX_ERROR_CHARS = 500;

/** The result of a token request: a token, and the URL to use it at if the page's own server names one. */
export interface TokenGrant {
  readonly token: string | undefined;
  readonly url: string;
}

export type TokenAnswer =
  | { readonly grant: TokenGrant; readonly error?: never }
  | { readonly grant?: never; readonly error: ErrorReport };

export interface ConnectionHandlers {
  opened(): void;
  sessionEnded(lastSeconds: number | undefined): void;
  sessionUpdated(config: ResolvedSessionConfig | undefined): void;
  /** Only after `ready`; before, it ends the connection. */
  sessionError(error: SessionError): void;
  conversation(message: ConversationMessage): void;
  malformed(reason: string): void;
}

export interface ConnectionOwner {
  ready(message: SessionReady): void;
  /** Called once, and last. */
  ended(end: ConnectionEnd): void;
}

export interface ConnectionServices {
  readonly clock: Clock;
  readonly openTransport: OpenTransport;
}

export class Connection {
  readonly #services: ConnectionServices;
  readonly #handlers: ConnectionHandlers;
  readonly #owner: ConnectionOwner;
  readonly #firstMessage: ClientMessage;
  #phase: ConnectionPhase = 'token';
  #transport: Transport | undefined;
  #cancelTimer: (() => void) | undefined;
  #serverError: (ServerError & { readonly atMs: number }) | undefined;
  #windowStartMs = 0;
  #load = 0;
  /** It only ends the session. */
  #isLast = false;
  #grant: TokenGrant | undefined;
  #resumeToken: string | undefined;
  #sessionId: string | undefined;

  constructor(
    services: ConnectionServices,
    handlers: ConnectionHandlers,
    owner: ConnectionOwner,
    firstMessage: ClientMessage,
  ) {
    this.#services = services;
    this.#handlers = handlers;
    this.#owner = owner;
    this.#firstMessage = firstMessage;
    if (firstMessage.type === 'session.resume') this.#sessionId = firstMessage.session_id;
  }

  /** It resumes an earlier session. */
  get resumes(): boolean {
    return this.#firstMessage.type === 'session.resume';
  }

  get isReady(): boolean {
    return this.#phase === 'ready';
  }

  /** The server knows of it. */
  get isOpen(): boolean {
    return this.#phase !== 'over' && hasOpened(this.#phase);
  }

  /** The URL, once the token is there. */
  get url(): string {
    return this.#grant!.url;
  }

  /** Bytes sent that the network has not accepted yet. */
  get bufferedBytes(): number {
    return this.#transport?.bufferedBytes ?? 0;
  }

  dial(requestToken: () => Promise<TokenAnswer>): void {
    this.#limit(TOKEN_MS, 'token_timeout');
    void requestToken().then(({ grant, error }) => {
      if (grant) this.#open(grant);
      else this.#fail(error);
    });
  }

  send(message: ClientMessage): void {
    if (this.#phase !== 'over') this.#transport?.send(encodeClientMessage(message));
  }

  /** Asks the server to end the session, once the connection is open. What follows is its answer. */
  endSession(): void {
    this.#isLast = true;
    if (this.#enter('end')) this.send({ type: 'session.end' });
  }

  /** Ends at once; `ended` is not called. */
  abandon(): void {
    this.#endBilling();
    this.#close();
  }

  /** The network has accepted nothing for too long: treat the connection as closed. */
  drop(): void {
    this.#end(1006);
  }

  #enter(event: ConnectionEvent): boolean {
    const next = connectionPhases[this.#phase][event];
    if (next) this.#phase = next;
    return next !== undefined;
  }

  #open(grant: TokenGrant): void {
    if (!this.#enter('granted')) return;
    this.#grant = grant;
    this.#limit(OPEN_MS, 'connection_timeout');
    try {
      this.#transport = this.#services.openTransport(withToken(grant), {
        opened: () => this.#onOpened(),
        received: (data) => this.#onReceived(data),
        closed: (code) => this.#end(code),
      });
    } catch {
      this.#fail({ key: 'connection_failed' });
    }
  }

  #onOpened(): void {
    if (!this.#enter('opened')) return;
    this.#limit(READY_MS, 'ready_timeout');
    this.send(this.#firstMessage);
    if (this.#isLast) this.endSession();
    this.#handlers.opened();
  }

  #onReceived(data: unknown): void {
    if (this.#phase === 'over') return;
    const decoded = decodeServerMessage(data);
    if (!this.#isBearable(decoded, String(data).length)) return;
    if (typeof decoded === 'string') this.#handlers.malformed(decoded);
    else for (const message of decoded) this.#onMessage(message);
  }

  #onMessage(message: ServerMessage): void {
    switch (message.type) {
      case 'session.ready':
        this.#onReady(message);
        break;
      case 'session.error':
        this.#onError(this.#redacted(message));
        break;
      case 'reply.error':
        this.#handlers.conversation(this.#redacted(message));
        break;
      case 'session.ended':
        this.#enter('end');
        this.#handlers.sessionEnded(message.session_duration_seconds);
        break;
      case 'session.updated':
        this.#handlers.sessionUpdated(message.config);
        break;
      default:
        this.#handlers.conversation(message);
    }
  }

  #onReady(message: SessionReady): void {
    // Hung up while the session was starting: it must not stay.
    if (this.#phase === 'closing') this.send({ type: 'session.end' });
    if (!this.#enter('ready')) return;
    this.#sessionId = message.session_id;
    this.#resumeToken = message.resume_token;
    // Earlier errors did not prevent the session from starting.
    this.#serverError = undefined;
    this.#cancelTimer?.();
    this.#owner.ready(message);
  }

  #onError(message: SessionError): void {
    this.#serverError = { ...message, atMs: this.#services.clock.now() };
    if (this.#enter('refused')) this.#after(CLOSE_MS, () => this.#end(1008));
    else this.#handlers.sessionError(message);
  }

  /** Ends the connection if too many messages are unreadable, or contain too many words. */
  #isBearable(decoded: Decoded, chars: number): boolean {
    const nowMs = this.#services.clock.now();
    if (nowMs - this.#windowStartMs > WINDOW_MS) {
      this.#windowStartMs = nowMs;
      this.#load = 0;
    }
    const isMalformed = typeof decoded === 'string';
    if (isMalformed) this.#load += MAX_LOAD_IN_WINDOW / MAX_MALFORMED_IN_WINDOW;
    // Audio goes to another thread, in order; words must be rendered by the page.
    else this.#load += decoded[0].type === 'reply.audio' ? 60 + chars / 8 : 800 + chars;
    if (this.#load <= MAX_LOAD_IN_WINDOW) return true;
    this.#fail(
      isMalformed
        ? { key: 'protocol_error/unreadable', values: { what: decoded } }
        : { key: 'protocol_error/flood' },
    );
    return false;
  }

  /** Errors are logged and shown, so they must not contain credentials of the session. */
  #redacted<Failure extends SessionError | ReplyError>(failure: Failure): Failure {
    const message = [this.#grant?.token, this.#resumeToken, this.#sessionId]
      .reduce<string>((clean, secret) => (secret ? clean.replaceAll(secret, '…') : clean), failure.message)
      .slice(0, MAX_ERROR_CHARS);
    return { ...failure, message };
  }

  #limit(ms: number, key: 'token_timeout' | 'connection_timeout' | 'ready_timeout'): void {
    this.#after(ms, () => this.#fail({ key }));
  }

  #after(ms: number, callback: () => void): void {
    this.#cancelTimer?.();
    this.#cancelTimer = this.#services.clock.after(ms, callback);
  }

  /** An abandoned session would be billed for half a minute; one that is to be resumed must stay. */
  #endBilling(): void {
    if (this.#phase === 'ready' || (hasOpened(this.#phase) && !this.resumes)) this.endSession();
  }

  #fail(failure: ErrorReport): void {
    const phase = this.#phase;
    this.#endBilling();
    this.#end(1006, failure, phase);
  }

  #end(closeCode: number, failure?: ErrorReport, phase = this.#phase): void {
    if (!this.#close()) return;
    const isRecent = this.#serverError && this.#services.clock.now() - this.#serverError.atMs < RECENT_MS;
    const serverError = isRecent ? this.#serverError : undefined;
    const wasReady = phase === 'ready';
    this.#owner.ended({ opened: hasOpened(phase), wasReady, closeCode, serverError, failure });
  }

  #close(): boolean {
    if (!this.#enter('closed')) return false;
    this.#cancelTimer?.();
    this.#transport?.close();
    return true;
  }
}

function withToken({ url, token }: TokenGrant): string {
  if (token === undefined) return url;
  const address = new URL(url);
  address.searchParams.set('token', token);
  return address.href;
}

function hasOpened(phase: ConnectionPhase): boolean {
  return phase !== 'token' && phase !== 'opening';
}
