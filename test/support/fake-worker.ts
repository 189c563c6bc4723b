/** A Worker that runs a session, and its sockets, for property tests. */
import type { SessionHost } from '../../src/client/session-host.js';
import type { SessionToPage } from '../../src/worker/bridge.js';

/** In these tests, samples are louder than this exactly while the microphone is muted. */
export const LOUD = 0.5;

/** The other end of a connection. */
export class Socket {
  static readonly OPEN = 1;
  static made: Socket[] = [];
  readyState = 0;
  bufferedAmount = 0;
  onopen?: () => void;
  onmessage?: (event: { data: string }) => void;
  onclose?: (event: { code: number }) => void;
  readonly types: string[] = [];
  /** The session that is to be resumed. */
  resumes: string | undefined;
  /** Number of samples that were captured while muted. */
  leaks = 0;
  /** The server has started or resumed a session on this connection. */
  hasSession = false;
  endsBefore = 0;
  /** The server has sent `session.ended`. */
  sessionOver = false;
  end: 'none' | 'client' | 'server' | 'died' = 'none';
  /** The token, which names the Worker that requested it. */
  readonly owner: string | null;

  constructor(url: string) {
    this.owner = new URL(url).searchParams.get('token');
    Socket.made.push(this);
  }

  send(text: string): void {
    const message = JSON.parse(text) as { type: string; audio?: string; session_id?: string };
    this.types.push(message.type);
    this.resumes ??= message.session_id;
    if (message.audio === undefined) return;
    const bytes = Buffer.from(message.audio, 'base64');
    for (let at = 0; at + 1 < bytes.length; at += 2)
      if (Math.abs(bytes.readInt16LE(at)) > LOUD * 32_768) this.leaks++;
  }

  close(): void {
    if (this.end === 'none') this.end = 'client';
    this.readyState = 3;
  }

  get ends(): number {
    return this.types.filter((type) => type === 'session.end').length;
  }

  /** A session was requested or exists, and the server has not ended it. */
  get owesEnd(): boolean {
    return (this.hasSession || this.types[0] === 'session.update') && !this.sessionOver;
  }

  get isOpen(): boolean {
    return this.end === 'none' && this.readyState === 1;
  }

  tell(...messages: object[]): void {
    if (this.isOpen) for (const message of messages) this.onmessage?.({ data: JSON.stringify(message) });
  }

  closeBy(who: 'server' | 'died', code: number): void {
    if (this.end !== 'none') return;
    this.end = who;
    this.readyState = 3;
    if (who === 'server') this.onclose?.({ code });
  }
}

/** A Worker whose messages wait until `deliver()`, and which may hang or die. */
export class FakeWorker {
  static all: FakeWorker[] = [];
  static isBusy = false;
  readonly #inner = { onmessage: null as ((event: MessageEvent) => unknown) | null };
  #queue: (() => void)[] = [];
  #isDead = false;
  readonly host: SessionHost = {
    kind: 'worker',
    post: (message) => this.#queue.push(() => this.#inner.onmessage?.({ data: message } as MessageEvent)),
    onmessage: () => undefined,
    ondied: () => undefined,
    close: () => void setTimeout(() => this.terminate(), 1_000),
    terminate: () => this.terminate(),
  };

  constructor(runSession: (port: never) => void) {
    FakeWorker.all.push(this);
    const inner = Object.assign(this.#inner, {
      postMessage: (message: SessionToPage) => this.#queue.push(() => this.host.onmessage(message)),
    });
    runSession(inner as never);
  }

  static deliver(): boolean {
    return FakeWorker.all.map((worker) => worker.#deliver()).includes(true);
  }

  #deliver(): boolean {
    if (FakeWorker.isBusy || this.#isDead) return false;
    const any = this.#queue.length > 0;
    for (let next = this.#queue.shift(); next; next = this.#queue.shift()) next();
    return any;
  }

  /** Its sockets die with it. */
  terminate(): void {
    this.#isDead = true;
    const token = `worker-${FakeWorker.all.indexOf(this) + 1}`;
    for (const socket of Socket.made) if (socket.owner === token) socket.closeBy('died', 1006);
  }

  die(): void {
    if (this.#isDead) return;
    this.terminate();
    this.host.ondied();
  }
}
