/** The local voice agent without a port: it answers the requests and upgrades of another HTTP server. */
import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { systemClock, type Clock } from './clock.js';
import { Connection, type Credential } from './connection.js';
import { AgentEventEmitter } from './events.js';
import { FaultCounters, HEALTHY, parseFaults, type Faults } from './faults.js';
import { HttpEndpoints, requestUrl } from './http-endpoints.js';
import { AgentSession } from './session.js';
import type { SessionConfig } from './session-config.js';
import { SessionRegistry } from './session-registry.js';
import { Tokens, regionOf, type Region } from './tokens.js';
import { DEFAULT_TURN_SETTINGS } from './turns.js';
import { Voice } from './voice.js';

/** What the local agent does differently from its defaults. */
export interface AgentOptions {
  /** Failures to simulate in every session; a session's own `?fault=` is added. Default: none. */
  readonly faults?: Faults;
  /** Default: the system's. A test can advance its own. */
  readonly clock?: Clock;
  /** The speech synthesizer. Default: CMU Flite. */
  readonly voice?: Pick<Voice, 'speak'>;
  /** The key that `GET /v1/token` accepts. Default: any that begins with `local`. */
  readonly apiKey?: string;
  /** Accepts any host name. Default false: only `localhost` and loopback addresses, against DNS rebinding. */
  readonly anyHost?: boolean;
  /** A token can be used several times within its lifetime. Default false. */
  readonly reusableTokens?: boolean;
  /** From the onset of speech to `input.speech.started`, while the agent is silent. Default 600 ms. */
  readonly startDelayMs?: number;
  /** From the end of the user's turn to `reply.started`. Default 350 ms. */
  readonly thinkMs?: number;
  /**
   * A barge-in is decided after `600 ms + interruption_delay` plus a random time up to this. Default 0, so that tests
   * are repeatable; the service was observed to take 1.1 … 2.2 s, which 1100 imitates.
   */
  readonly interruptionSpreadMs?: number;
  /** From the first message to `session.ready`. Default 60 ms. */
  readonly readyDelayMs?: number;
}

/** From the end of the user's turn to `reply.started`. */
export const DEFAULT_THINK_MS = 350;
/** Larger than any message a client needs to send. The service's own limit is not documented. */
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;

/** The local agent inside another HTTP server. `startAgent()` gives it its own. */
export class LocalAgent {
  /** For programs that run the agent in their own process; not reachable over the network. */
  readonly events = new AgentEventEmitter();
  readonly #options: AgentOptions;
  readonly #clock: Clock;
  readonly #faults: Faults;
  readonly #tokens: Tokens;
  readonly #registry: SessionRegistry;
  readonly #counters = new FaultCounters();
  readonly #sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES });
  readonly #endpoints: HttpEndpoints;
  #connectionCount = 0;

  constructor(options: AgentOptions = {}) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#faults = options.faults ?? HEALTHY;
    this.#tokens = new Tokens(this.#clock, options.reusableTokens ?? false);
    this.#registry = new SessionRegistry(this.#clock);
    this.#endpoints = new HttpEndpoints({
      tokens: this.#tokens,
      apiKey: options.apiKey,
      anyHost: options.anyHost ?? false,
    });
  }

  /** Number of sessions that are connected or can still be resumed. */
  get sessionCount(): number {
    return this.#registry.size;
  }

  /** A token for the next connection, like those of `/voice-token`. */
  mintToken(lifetimeSeconds = 60): string {
    return this.#tokens.mint(lifetimeSeconds);
  }

  /** Answers the request if it is for the agent. @returns whether it was */
  handleRequest(request: IncomingMessage, response: ServerResponse): boolean {
    return this.#endpoints.handle(request, response);
  }

  /** Takes over the socket if the upgrade is for the agent. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    const url = requestUrl(request);
    if (url.pathname !== '/v1/ws') return false;
    let faults: Faults;
    try {
      faults = parseFaults(url.searchParams.getAll('fault'), this.#faults);
    } catch (error) {
      rejectUpgrade(socket, '400 Bad Request', error instanceof Error ? error.message : String(error));
      return true;
    }
    if (faults.badToken === 'handshake') {
      rejectUpgrade(socket, '401 Unauthorized', 'Invalid or expired token');
      return true;
    }
    this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
      this.#accept(webSocket, url, faults, regionOf(request.headers.host));
    });
    return true;
  }

  /** Ends every session and connection at once. */
  close(): void {
    this.#registry.closeAll();
    for (const webSocket of this.#sockets.clients) webSocket.terminate();
    this.#sockets.close();
  }

  #accept(webSocket: WebSocket, url: URL, faults: Faults, region: Region): void {
    const connectionId = ++this.#connectionCount;
    const clock = this.#clock;
    let closedByAgent = false;
    const connection = new Connection({
      connectionId,
      clock,
      faults,
      events: this.events,
      registry: this.#registry,
      counters: this.#counters,
      scope: url.searchParams.get('scope') ?? url.searchParams.getAll('fault').join(),
      credential: faults.badToken
        ? { kind: 'none' }
        : this.#credential(url.searchParams.get('token'), region),
      region,
      readyDelayMs: (this.#options.readyDelayMs ?? 60) / faults.pace,
      createSession: (config) => this.#createSession(config, faults),
      socket: {
        write: (text) => webSocket.send(text),
        close: (code, reason) => {
          closedByAgent = true;
          webSocket.close(code, reason);
        },
        terminate: () => {
          closedByAgent = true;
          // Read first what has already arrived: Node runs a late timer before it polls its sockets.
          setImmediate(() => webSocket.terminate());
        },
      },
    });
    webSocket.on('message', (data, isBinary) => {
      // The API has no binary messages. An empty text is refused as invalid JSON.
      connection.receive(isBinary ? '' : (data as Buffer).toString('utf8'));
    });
    webSocket.on('error', () => webSocket.terminate());
    webSocket.on('close', (code) => {
      const { sessionId } = connection;
      connection.closed();
      const by = closedByAgent ? 'agent' : 'client';
      this.events.emit('disconnection', { connectionId, sessionId, atMs: clock.epochMs(), code, by });
    });
  }

  #credential(token: string | null, region: Region): Credential {
    if (this.#tokens.redeem(token, region)) return { kind: 'fresh' };
    const session = token === null ? undefined : this.#registry.findByResumeToken(token);
    return session ? { kind: 'resume', sessionId: session.id } : { kind: 'none' };
  }

  #createSession(config: SessionConfig, faults: Faults): Promise<AgentSession> {
    const id = randomUUID();
    const clock = this.#clock;
    return AgentSession.create({
      id,
      clock,
      faults,
      config,
      mintResumeToken: () => randomBytes(24).toString('base64url'),
      voice: this.#options.voice ?? Voice.shared,
      startDelayMs: this.#options.startDelayMs ?? DEFAULT_TURN_SETTINGS.startDelayMs,
      thinkMs: this.#options.thinkMs ?? DEFAULT_THINK_MS,
      interruptionSpreadMs: this.#options.interruptionSpreadMs ?? 0,
      onAudio: (samples, rateHz) =>
        this.events.emit('input-audio', { sessionId: id, atMs: clock.epochMs(), rateHz, samples }),
      onEnd: () => {
        this.#registry.remove(id);
        this.events.emit('session-over', { sessionId: id, atMs: clock.epochMs() });
      },
    });
  }
}

function rejectUpgrade(socket: Duplex, status: string, text: string): void {
  const length = Buffer.byteLength(text);
  // The HTTP server has given up this socket, and an error without a listener would end the process.
  socket.on('error', () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: ${length}\r\n\r\n${text}`,
  );
}
