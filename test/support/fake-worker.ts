/** A Worker that runs a session, and the sockets that it opens, as a property test drives them. */
import type { SessionHost } from '../../src/client/session-host.js';
import type { SessionToPage } from '../../src/worker/bridge.js';

/** What a microphone hears while it is muted is louder than this, and what it hears else is quieter. */
export const LOUD = 0.5;

/** The network's end of a connection. */
export class Socket {
  static readonly OPEN = 1;
  static made: Socket[] = [];
  readyState = 0;
  bufferedAmount = 0;
  onopen?: () => void;
  onmessage?: (event: { data: string }) => void;
  onclose?: (event: { code: number }) => void;
  readonly types: string[] = [];
  /** Samples louder than anything that was said while the microphone was open. */
  leaks = 0;
  /** The server has made a session here, or brought one back. What was said to it before it did not hear. */
  hasSession = false;
  endsBefore = 0;
  /** By `session.ended`: there is nothing to be ended any more. */
  sessionOver = false;
  end: 'none' | 'client' | 'server' | 'died' = 'none';
  /** The Worker that made it, or asked for the token at least. */
  readonly owner: string | null;

  constructor(url: string) {
    this.owner = new URL(url).searchParams.get('token');
    Socket.made.push(this);
  }

  send(text: string): void {
    const message = JSON.parse(text) as { type: string; audio?: string };
    this.types.push(message.type);
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

  /** A session was asked for, or is there, and the server has not ended it. */
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

/** A Worker: its messages take their time, and it may die. */
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

  /** With it go its sockets. */
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
