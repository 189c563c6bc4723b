/** One connection: token → socket → first message → `session.ready`, each step with a time limit of its own. */
import { VoiceAgentError } from '../errors.js';
import { decodeServerMessage, encodeClientMessage, type Decoded } from '../protocol/codec.js';
import type { ClientMessage, ServerMessage, SessionError, SessionReady } from '../protocol/messages.js';
import type { Clock } from './clock.js';
import type { ConnectionEnd, ServerComplaint } from './reconnect.js';
import type { OpenTransport, Transport } from './transport.js';

export const TOKEN_MS = 10_000;
export const OPEN_MS = 10_000;
export const READY_MS = 10_000;
/** After a fatal complaint the server closes by itself; if it forgets, we do. */
const CLOSE_MS = 1_000;
/** A server that sends more than this within the window is broken: its messages would keep the page busy. */
const WINDOW_MS = 5_000;
/** Together 5000 short messages, or four of the longest, or sound at some 50 times the pace of speech. */
const MAX_LOAD_IN_WINDOW = 4_000_000;
const MAX_MALFORMED_IN_WINDOW = 100;
/** Of what the server says about an error. */
const MAX_COMPLAINT_CHARS = 500;

/** What a token request brings: a token, and where the page's own server says so, the address to take it to. */
export interface TokenGrant {
  readonly token: string | undefined;
  readonly url: string;
}

export interface ConnectionHandlers {
  ready(message: SessionReady): void;
  /** Everything else that arrives, before `ready` and after. */
  message(message: ServerMessage): void;
  malformed(reason: string): void;
  /** Once; nothing after it. */
  ended(end: ConnectionEnd): void;
}

export interface ConnectionServices {
  readonly clock: Clock;
  readonly openTransport: OpenTransport;
  readonly requestToken: () => Promise<TokenGrant>;
}

export class Connection {
  readonly #services: ConnectionServices;
  readonly #handlers: ConnectionHandlers;
  readonly #firstMessage: ClientMessage;
  #transport: Transport | undefined;
  #cancelTimer: (() => void) | undefined;
  #opened = false;
  #ready = false;
  #over = false;
  #complaint: ServerComplaint | undefined;
  #windowStartMs = 0;
  #load = 0;
  #malformed = 0;
  #token: string | undefined;
  #sessionId: string | undefined;

  constructor(services: ConnectionServices, handlers: ConnectionHandlers, firstMessage: ClientMessage) {
    this.#services = services;
    this.#handlers = handlers;
    this.#firstMessage = firstMessage;
    if (firstMessage.type === 'session.resume') this.#sessionId = firstMessage.session_id;
  }

  get transport(): Transport | undefined {
    return this.#transport;
  }

  get isReady(): boolean {
    return this.#ready && !this.#over;
  }

  get opened(): boolean {
    return this.#opened && !this.#over;
  }

  dial(): void {
    this.#limit(TOKEN_MS, 'token_timeout', 'The token did not come in time.', 'Check the token endpoint.');
    this.#services.requestToken().then(
      (grant) => this.#open(grant),
      (error: unknown) => this.#fail(VoiceAgentError.from(error)),
    );
  }

  send(message: ClientMessage): void {
    if (!this.#over) this.#transport?.send(encodeClientMessage(message));
  }

  /** Ends without a word to the server; `ended` is not called. */
  abandon(): void {
    this.#over = true;
    this.#cancelTimer?.();
    this.#transport?.close();
  }

  /** The network has not taken anything for too long: as if it had closed. */
  drop(): void {
    this.#end(1006);
  }

  #open(grant: TokenGrant): void {
    if (this.#over) return;
    this.#token = grant.token;
    this.#limit(
      OPEN_MS,
      'connection_timeout',
      'The server did not answer in time.',
      'Check the network and server-url.',
    );
    try {
      this.#transport = this.#services.openTransport(withToken(grant), {
        opened: () => this.#onOpened(),
        received: (data) => this.#onReceived(data),
        closed: (code) => this.#end(code),
      });
    } catch (error) {
      this.#fail(
        VoiceAgentError.fatal(
          'connection_failed',
          'The server could not be reached.',
          'Check the network and server-url; a content security policy has to allow it in connect-src.',
          error,
        ),
      );
    }
  }

  #onOpened(): void {
    if (this.#over) return;
    this.#opened = true;
    this.#limit(
      READY_MS,
      'ready_timeout',
      'The server did not start the session in time.',
      'Check the status of the service.',
    );
    this.send(this.#firstMessage);
  }

  #onReceived(data: unknown): void {
    if (this.#over) return;
    const decoded = decodeServerMessage(data);
    if (!this.#isBearable(decoded, String(data).length)) return;
    if (!decoded.ok) {
      this.#handlers.malformed(decoded.reason);
      return;
    }
    const { message } = decoded;
    if (message.type === 'session.error')
      this.#onError({ ...message, message: this.#redact(message.message) });
    else if (message.type === 'session.ready' && !this.#ready) this.#onReady(message);
    else this.#handlers.message(message);
    if (decoded.more) this.#handlers.message(decoded.more);
  }

  #onReady(message: SessionReady): void {
    this.#ready = true;
    this.#sessionId = message.session_id;
    // What was complained of before has not kept the session from starting.
    this.#complaint = undefined;
    this.#cancelTimer?.();
    this.#handlers.ready(message);
  }

  #onError(message: SessionError): void {
    if (this.#ready) this.#handlers.message(message);
    else this.#complain(message);
  }

  /** Counts; ends the connection when there is too much of what cannot be read, or of words. */
  #isBearable(decoded: Decoded, chars: number): boolean {
    const nowMs = this.#services.clock.now();
    if (nowMs - this.#windowStartMs > WINDOW_MS) {
      this.#windowStartMs = nowMs;
      this.#load = 0;
      this.#malformed = 0;
    }
    if (!decoded.ok) this.#malformed++;
    // Sound goes to another thread, in order; words have to be drawn by the page.
    else this.#load += decoded.message.type === 'reply.audio' ? 60 + chars / 8 : 800 + chars;
    if (this.#malformed <= MAX_MALFORMED_IN_WINDOW && this.#load <= MAX_LOAD_IN_WINDOW) return true;
    this.#fail(
      VoiceAgentError.fatal(
        'protocol_error',
        decoded.ok ? 'The server sends too much.' : `The server keeps sending ${decoded.reason}.`,
        'Check server-url.',
      ),
    );
    return false;
  }

  /** Errors are logged and shown: what opens a session has no business in them. */
  #redact(text: string): string {
    return [this.#token, this.#sessionId]
      .reduce<string>((clean, secret) => (secret ? clean.replaceAll(secret, '…') : clean), text)
      .slice(0, MAX_COMPLAINT_CHARS);
  }

  #complain(complaint: ServerComplaint): void {
    this.#complaint = complaint;
    this.#cancelTimer?.();
    this.#cancelTimer = this.#services.clock.after(CLOSE_MS, () => this.#end(1008));
  }

  #limit(
    ms: number,
    code: 'token_timeout' | 'connection_timeout' | 'ready_timeout',
    what: string,
    hint: string,
  ): void {
    this.#cancelTimer?.();
    this.#cancelTimer = this.#services.clock.after(ms, () =>
      this.#fail(VoiceAgentError.fatal(code, what, hint)),
    );
  }

  #fail(failure: VoiceAgentError): void {
    // A session that nobody waits for any more would be billed for half a minute; one to be resumed is to stay.
    if (this.#ready || this.#firstMessage.type === 'session.update') this.send({ type: 'session.end' });
    this.#end(1006, failure);
  }

  #end(closeCode: number, failure?: VoiceAgentError): void {
    if (this.#over) return;
    this.abandon();
    this.#handlers.ended({ opened: this.#opened, closeCode, complaint: this.#complaint, failure });
  }
}

function withToken({ url, token }: TokenGrant): string {
  if (token === undefined) return url;
  const address = new URL(url);
  address.searchParams.set('token', token);
  return address.href;
}
