/** Shorter than any word: a tap keeps the microphone open until the next one, for those who cannot hold a button. */
const TAP_MS = 250;

/** Opens a microphone while something is held. */
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

  /** Without a change of the microphone. */
  forget(): void {
    this.#pressedAtMs = undefined;
  }
}
