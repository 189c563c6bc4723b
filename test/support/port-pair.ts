/** Message ports whose messages are delivered only when a test says so, in the order in which they were posted. */
export interface SessionPort {
  postMessage(message: unknown, transfer?: Transferable[]): void;
  onmessage: ((event: MessageEvent) => unknown) | null;
  close(): void;
}

const queue: (() => void)[] = [];

/** Delivers all posted messages, including those that are posted meanwhile. */
export function deliver(): boolean {
  const any = queue.length > 0;
  for (let next = queue.shift(); next; next = queue.shift()) next();
  return any;
}

export class FakePort implements SessionPort {
  onmessage: ((event: MessageEvent) => unknown) | null = null;
  other: FakePort | undefined;
  #isClosed = false;

  /** A copy, as a port makes it, except that ports are transferred. */
  postMessage(message: unknown): void {
    const { port, ...rest } = message as { port?: unknown };
    const data: unknown = { ...structuredClone(rest), ...(port !== undefined && { port }) };
    queue.push(() => {
      if (!this.#isClosed) this.other?.onmessage?.({ data } as MessageEvent);
    });
  }

  close(): void {
    this.#isClosed = true;
    if (this.other) this.other.#isClosed = true;
  }
}

export function portPair(): [FakePort, FakePort] {
  const [a, b] = [new FakePort(), new FakePort()];
  a.other = b;
  b.other = a;
  return [a, b];
}
