/** Shorter than any word. A tap keeps the microphone open until the next tap, for people who cannot hold a button. */
const TAP_MS = 250;

/** Opens a microphone while a button or key is held. */
export class MicrophoneHold {
  readonly #call: { muted: boolean };
  #pressedAtMs: number | undefined;
  #wasOpen = false;

  constructor(call: { muted: boolean }) {
    this.#call = call;
  }

  get isPressed(): boolean {
    return this.#pressedAtMs !== undefined;
  }

  readonly press = (): void => {
    this.#pressedAtMs = performance.now();
    this.#wasOpen = !this.#call.muted;
    this.#call.muted = false;
  };

  readonly release = (): void => {
    if (this.#pressedAtMs === undefined) return;
    const isTap = performance.now() - this.#pressedAtMs < TAP_MS;
    this.#pressedAtMs = undefined;
    this.#call.muted = this.#wasOpen || !isTap;
  };

  /** Does not change the microphone. */
  forget(): void {
    this.#pressedAtMs = undefined;
  }
}
