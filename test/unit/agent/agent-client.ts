import { once } from 'node:events';
import { WebSocket } from 'ws';
import { RATE_HZ, type Encoding } from '../../../agent/encodings.js';
import type { ServerMessage } from '../../../agent/protocol.js';
import type { AgentServer } from '../../../agent/server.js';
import { encodeWireAudio } from '../../support/wire-audio.js';

export interface Arrived {
  readonly atMs: number;
  readonly message: ServerMessage;
}

const WAIT_LIMIT_MS = 15_000;
const PACKET_MS = 50;

/** A client of the agent on a real WebSocket, which keeps the messages it receives. */
export class AgentClient {
  readonly arrived: Arrived[] = [];
  /** Frames that were not JSON objects. */
  readonly garbage: string[] = [];
  readonly closed: Promise<number>;
  readonly #socket: WebSocket;
  readonly #waiting = new Set<() => void>();
  #microphone: NodeJS.Timeout | undefined;

  constructor(url: string, headers: Readonly<Record<string, string>> = {}) {
    this.#socket = new WebSocket(url, { headers });
    this.#socket.on('message', (data) => this.#keep((data as Buffer).toString('utf8')));
    this.closed = new Promise((resolve) => {
      this.#socket.on('close', (code) => {
        clearInterval(this.#microphone);
        resolve(code);
        this.#waiting.forEach((check) => check());
      });
    });
  }

  /** Connects with a new token and sends the first message. */
  static async connect(
    server: AgentServer,
    { query = '', first }: { query?: string; first?: Record<string, unknown> } = {},
  ): Promise<AgentClient> {
    const client = new AgentClient(`${server.wsUrl}?token=${server.agent.mintToken()}&${query}`);
    await client.open();
    client.send(first ?? { type: 'session.update', session: {} });
    return client;
  }

  async open(): Promise<void> {
    await once(this.#socket, 'open');
  }

  send(message: Record<string, unknown>): void {
    this.#socket.send(JSON.stringify(message));
  }

  sendRaw(data: string | Buffer): void {
    this.#socket.send(data);
  }

  /** Drops the connection without a closing handshake, like a failed network. */
  terminate(): void {
    this.#socket.terminate();
  }

  /** The nth message of a type. Rejects if the connection closes first, or no message arrives. */
  async waitFor(type: string, count = 1): Promise<Arrived> {
    const find = (): Arrived | undefined => this.ofType(type)[count - 1];
    return this.until(find, `${type} ${count}`);
  }

  async until<T>(find: () => T | undefined, what: string): Promise<T> {
    return new Promise((resolve, reject) => {
      const finish = (settle: () => void): void => {
        clearTimeout(timer);
        this.#waiting.delete(check);
        settle();
      };
      const check = (): void => {
        const found = find();
        if (found !== undefined) finish(() => resolve(found));
        else if (this.#socket.readyState === WebSocket.CLOSED)
          finish(() => reject(new Error(`Closed before ${what}`)));
      };
      const timer = setTimeout(
        () => finish(() => reject(new Error(`No ${what} within ${WAIT_LIMIT_MS} ms`))),
        WAIT_LIMIT_MS,
      );
      this.#waiting.add(check);
      check();
    });
  }

  ofType(type: string): Arrived[] {
    return this.arrived.filter(({ message }) => message.type === type);
  }

  order(): string[] {
    const types = this.arrived.map(({ message }) => message.type);
    return types.filter((type, index) => type !== types[index - 1]);
  }

  /** Sends packets of 50 ms in real time: these samples, then silence. */
  openMicrophone(encoding: Encoding, samples: Float32Array): void {
    const rateHz = RATE_HZ[encoding];
    const packetFrames = (rateHz * PACKET_MS) / 1000;
    const startedMs = performance.now();
    let sentPackets = 0;
    this.#microphone = setInterval(() => {
      while (performance.now() - startedMs >= sentPackets * PACKET_MS) {
        const packet = new Float32Array(packetFrames);
        packet.set(samples.subarray(sentPackets * packetFrames, ++sentPackets * packetFrames));
        const bytes = encodeWireAudio(encoding, { rateHz, samples: packet });
        const audio = Buffer.from(bytes).toString('base64');
        if (this.#socket.readyState === WebSocket.OPEN) this.send({ type: 'input.audio', audio });
      }
    }, PACKET_MS / 2);
  }

  #keep(text: string): void {
    try {
      const message = JSON.parse(text) as ServerMessage | null;
      if (typeof message?.type === 'string') this.arrived.push({ atMs: performance.now(), message });
      else this.garbage.push(text);
    } catch {
      this.garbage.push(text);
    }
    this.#waiting.forEach((check) => check());
  }
}
