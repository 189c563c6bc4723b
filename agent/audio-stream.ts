/** Sound that leaves at the pace it will be heard. */
import { BYTES_PER_SAMPLE, FRAME_BYTES, RATE_HZ, type Encoding } from './encodings.js';
import type { Clock } from './clock.js';

export interface AudioStreamOptions {
  readonly clock: Clock;
  readonly encoding: Encoding;
  readonly bytes: Uint8Array;
  /** Times real time; 1 is healthy. */
  readonly speed: number;
  /** Messages of uneven sizes, for PCM ending in the middle of a sample. */
  readonly oddBytes: boolean;
  /** @param endMs where in the sound this frame ends */
  readonly onFrame: (frame: Uint8Array, endMs: number) => void;
  /** The last frame has been sent and its time has passed. */
  readonly onEnd: () => void;
}

/** Added to the regular size, in turn; they add up to nothing. */
const UNEVEN = [1, -1, 7, -7, -3, 3] as const;

/**
 * Every frame has its own due time, counted from the beginning, so that a late timer never makes the next frame late:
 * the pace has no drift.
 */
export class AudioStream {
  readonly #options: AudioStreamOptions;
  readonly #bytesPerMs: number;
  readonly #startedMs: number;
  #sentBytes = 0;
  #sentFrames = 0;
  #cancelTimer: () => void = () => {};
  #stopped = false;

  constructor(options: AudioStreamOptions) {
    this.#options = options;
    this.#bytesPerMs = (RATE_HZ[options.encoding] * BYTES_PER_SAMPLE[options.encoding]) / 1000;
    this.#startedMs = options.clock.nowMs();
    this.#sendDue();
  }

  /** How much of the sound has left. */
  get sentMs(): number {
    return this.#sentBytes / this.#bytesPerMs;
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelTimer();
  }

  #sendDue(): void {
    const { bytes, clock, onEnd, onFrame, speed } = this.#options;
    while (!this.#stopped) {
      const waitMs = this.#startedMs + this.sentMs / speed - clock.nowMs();
      if (waitMs > 0) {
        this.#cancelTimer = clock.after(waitMs, () => this.#sendDue());
        return;
      }
      if (this.#sentBytes >= bytes.length) {
        this.stop();
        onEnd();
        return;
      }
      const frame = bytes.subarray(this.#sentBytes, this.#sentBytes + this.#nextSize());
      this.#sentBytes += frame.length;
      this.#sentFrames++;
      onFrame(frame, this.sentMs);
    }
  }

  #nextSize(): number {
    const regular = FRAME_BYTES[this.#options.encoding];
    return this.#options.oddBytes ? regular + UNEVEN[this.#sentFrames % UNEVEN.length]! : regular;
  }
}
