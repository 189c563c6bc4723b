/** Runs a session behind a port: in a Worker of its own, or on the page's thread where no Worker can be made. */
import { VoiceAgentError } from '../errors.js';
import { systemClock } from '../session/clock.js';
import type { TokenGrant } from '../session/connection.js';
import type { SessionEvent } from '../session/events.js';
import { Session } from '../session/session.js';
import { openWebSocket } from '../session/websocket-transport.js';
import type { PageToSession, Port, SessionMethod, SessionToPage } from './bridge.js';
import { PortAudioSink } from './port-audio-sink.js';

/** An address that has not answered by then counts as out of reach. */
const PROBE_MS = 3_000;

type Requests = Record<SessionMethod, (...args: readonly unknown[]) => void>;

interface TokenRequest {
  readonly resolve: (grant: TokenGrant) => void;
  readonly reject: (error: VoiceAgentError) => void;
}

export function runSession(port: Port): void {
  const runner = new SessionRunner(port);
  port.onmessage = ({ data }: MessageEvent<PageToSession>) => runner.receive(data);
}

class SessionRunner {
  readonly #port: Port;
  readonly #tokenRequests = new Map<number, TokenRequest>();
  #tokenCount = 0;
  #url = '';
  #session: Session | undefined;
  #sink: PortAudioSink | undefined;

  constructor(port: Port) {
    this.#port = port;
  }

  receive(message: PageToSession): void {
    switch (message.type) {
      case 'start':
        this.#start(message);
        break;
      case 'relink':
        this.#sink?.relink(message.link);
        break;
      case 'token':
        this.#url = message.grant.url;
        this.#take(message.request)?.resolve(message.grant);
        break;
      case 'token-failed':
        this.#take(message.request)?.reject(new VoiceAgentError(message.error));
        break;
      case 'request':
        // The page's types have matched method and arguments.
        (this.#session as Requests | undefined)?.[message.method](...message.args);
        break;
    }
  }

  #start(message: PageToSession & { type: 'start' }): void {
    const sink = new PortAudioSink(message.link);
    const session = new Session(message.options, {
      clock: systemClock,
      random: Math.random,
      openTransport: openWebSocket,
      requestToken: () => this.#requestToken(),
      isReachable: () => isReachable(this.#url),
      sink,
      emit: (type, ...[detail]) => {
        this.#post({ type: 'event', event: { type, detail } as SessionEvent });
        if (type === 'ended' || type === 'failed') sink.close();
      },
    });
    sink.connect(session, (playback) => this.#post({ type: 'stats', playback, counters: session.counters }));
    this.#session = session;
    this.#sink = sink;
    session.start();
  }

  #requestToken(): Promise<TokenGrant> {
    const request = ++this.#tokenCount;
    return new Promise((resolve, reject) => {
      this.#tokenRequests.set(request, { resolve, reject });
      this.#post({ type: 'token-request', request });
    });
  }

  #take(request: number): TokenRequest | undefined {
    const found = this.#tokenRequests.get(request);
    this.#tokenRequests.delete(request);
    return found;
  }

  #post(message: SessionToPage): void {
    this.#port.postMessage(message, []);
  }
}

/** A browser tells a script nothing about a WebSocket that did not open; an opaque answer tells that the host is there. */
async function isReachable(url: string): Promise<boolean> {
  try {
    const address = new URL(url);
    address.protocol = address.protocol === 'ws:' ? 'http:' : 'https:';
    // The token is no business of whoever answers.
    address.search = '';
    await fetch(address, { mode: 'no-cors', cache: 'no-store', signal: AbortSignal.timeout(PROBE_MS) });
    return true;
  } catch {
    return false;
  }
}
