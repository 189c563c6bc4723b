/** An AudioContext without a device: what its system, its worklet and its speaker do is up to a test. */
import { vi } from 'vitest';
import type { PageToWorklet } from '../../src/worklet/messages.js';

export class FakeNode {
  readonly posted: PageToWorklet[] = [];
  readonly port = {
    onmessage: null,
    postMessage: (message: PageToWorklet) => void this.posted.push(message),
  };
  onprocessorerror: (() => void) | null = null;

  constructor(context: FakeAudioContext) {
    context.node = this;
  }

  connect(): void {}
  disconnect(): void {}

  /** Its processor throws. */
  fail(): void {
    this.onprocessorerror?.();
  }

  get types(): PageToWorklet['type'][] {
    return this.posted.map(({ type }) => type);
  }
}

export class FakeAudioContext extends EventTarget {
  /** In the order in which the page made them. */
  static made: FakeAudioContext[] = [];
  /** The next contexts do not start by themselves. */
  static isHeld = false;
  /** The next contexts refuse a microphone, this many times. */
  static refusals = 0;
  sampleRate = 48_000;
  /** Its clock stands still from then on, in s. */
  stuckAt: number | undefined;
  /** Sources that are connected. */
  sources = 0;
  readonly destination = {};
  readonly audioWorklet = { addModule: () => Promise.resolve() };
  state: AudioContextState = 'suspended';
  sinkId = '';
  node: FakeNode | undefined;

  constructor() {
    super();
    FakeAudioContext.made.push(this);
  }

  static get latest(): FakeAudioContext {
    return FakeAudioContext.made.at(-1)!;
  }

  /** Installs it as the page's. */
  static install(): void {
    FakeAudioContext.made = [];
    FakeAudioContext.isHeld = false;
    FakeAudioContext.refusals = 0;
    vi.stubGlobal('AudioContext', FakeAudioContext);
    vi.stubGlobal('AudioWorkletNode', FakeNode);
  }

  /** In s. */
  get currentTime(): number {
    return this.stuckAt ?? performance.now() / 1_000;
  }

  /** The system lets it run. */
  start(): void {
    this.#become('running');
  }

  resume(): Promise<void> {
    if (FakeAudioContext.isHeld) return new Promise(() => undefined);
    if (this.state === 'closed')
      return Promise.reject(new DOMException('It is closed.', 'InvalidStateError'));
    if (this.state !== 'running') this.#become('running');
    return Promise.resolve();
  }

  /** The system takes its sound away. */
  suspend(): void {
    if (this.state === 'running') this.#become('suspended');
  }

  /** As by a phone call on iOS. */
  interrupt(): void {
    if (this.state === 'running') this.#become('interrupted');
  }

  close(): Promise<void> {
    this.#become('closed');
    return Promise.resolve();
  }

  createMediaStreamSource(): { connect(): void; disconnect(): void } {
    if (FakeAudioContext.refusals-- > 0) throw new DOMException('Its rate differs.', 'NotSupportedError');
    return {
      connect: () => {
        this.sources++;
      },
      disconnect: () => {
        this.sources--;
      },
    };
  }

  setSinkId(id: string): Promise<void> {
    if (this.state === 'closed')
      return Promise.reject(new DOMException('It is closed.', 'InvalidStateError'));
    this.sinkId = id;
    return Promise.resolve();
  }

  #become(state: AudioContextState): void {
    this.state = state;
    this.dispatchEvent(new Event('statechange'));
  }
}
