/** Sends audio at the pace of playback. */
import { BYTES_PER_SAMPLE, FRAME_BYTES, RATE_HZ, type Encoding } from './encodings.js';
import type { Clock } from './clock.js';

export interface AudioStreamOptions {
  readonly clock: Clock;
  readonly encoding: Encoding;
  readonly bytes: Uint8Array;
  /** Relative to real time; 1 is normal. */
  readonly speed: number;
  /** Messages vary in size; with PCM they end in the middle of a sample. */
  readonly oddBytes: boolean;
  /** @param endMs position of the frame's end in the audio */
  readonly onFrame: (frame: Uint8Array, endMs: number) => void;
  /** Called when the last frame has been sent and its time has passed. */
  readonly onEnd: () => void;
}

/** Added in turn to the regular size; the sum is 0. */
const UNEVEN = [1, -1, 7, -7, -3, 3] as const;

/**
 * The due time of each frame counts from the beginning, so a late timer does not delay the next frame and the pace does
 * not drift.
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

  /** How much of the audio has been sent. */
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
