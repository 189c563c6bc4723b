import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Length of the present or last call for the eye; what is billed comes with `session-end`. */
export class CallClock implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #startedAtMs: number | undefined;
  #seconds: number | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  /** Whole seconds; `undefined` before the first call. */
  get seconds(): number | undefined {
    return this.#seconds;
  }

  start(): void {
    this.stop();
    this.#startedAtMs = performance.now();
    this.#seconds = 0;
    this.#timer = setInterval(() => this.#tick(), 1000);
  }

  /** @param seconds As the server counted them, where it did. */
  stop(seconds?: number): void {
    clearInterval(this.#timer);
    if (this.#startedAtMs !== undefined) this.#tick();
    this.#startedAtMs = undefined;
    if (seconds !== undefined) this.#seconds = Math.round(seconds);
  }

  hostDisconnected(): void {
    clearInterval(this.#timer);
  }

  hostConnected(): void {
    if (this.#startedAtMs !== undefined) this.#timer = setInterval(() => this.#tick(), 1000);
  }

  #tick(): void {
    if (this.#startedAtMs === undefined) return;
    this.#seconds = Math.round((performance.now() - this.#startedAtMs) / 1000);
    this.#host.requestUpdate();
  }
}
