/** Classifies the client's audio for turn-taking: whether it is speech, and how loud. */
import createDetectorModule, { type DetectorModule } from '@echogarden/fvad-wasm';
import type { Engine } from '../src/engine/create-engine.js';
import type { Resampler } from '../src/engine/resampler.js';
import { sharedEngine } from './encodings.js';

/** Result for 10 ms of audio. */
export interface HeardFrame {
  readonly voiced: boolean;
  /** RMS, dB of full scale. */
  readonly levelDb: number;
}

export const HEARD_FRAME_MS = 10;

const DETECTOR_RATE_HZ = 8_000;
const FRAME_SAMPLES = (DETECTOR_RATE_HZ * HEARD_FRAME_MS) / 1000;
/** Anything below this level is silence, even if the detector takes it for speech. */
const SILENCE_DB = -55;
const FLOOR_DB = -100;

let detectorModule: Promise<DetectorModule> | undefined;

function rmsDb(samples: Float32Array): number {
  let energy = 0;
  for (const sample of samples) energy += sample * sample;
  return energy === 0 ? FLOOR_DB : Math.max(FLOOR_DB, 10 * Math.log10(energy / samples.length));
}

/** WebRTC's voice activity detector on a stream of one rate. */
export class Hearing {
  readonly #module: DetectorModule;
  readonly #detector: number;
  readonly #samplesPointer: number;
  readonly #engine: Engine;
  #resampler: Resampler | undefined;
  #rest = new Float32Array(0);

  /** Use {@link Hearing.create}, which loads the detector and the engine. */
  constructor(module: DetectorModule, engine: Engine) {
    this.#module = module;
    this.#engine = engine;
    this.#detector = module._fvad_new();
    this.#samplesPointer = module._malloc(FRAME_SAMPLES * 2);
    module._fvad_set_sample_rate(this.#detector, DETECTOR_RATE_HZ);
  }

  static async create(): Promise<Hearing> {
    detectorModule ??= createDetectorModule();
    return new Hearing(await detectorModule, await sharedEngine());
  }

  /** @param threshold 0…1, the session's `vad_threshold`; WebRTC's detector has four steps */
  setThreshold(threshold: number): void {
    this.#module._fvad_set_mode(this.#detector, Math.max(0, Math.min(3, Math.floor(threshold * 4))));
  }

  setRate(rateHz: number): void {
    const rates = { inputRate: rateHz, outputRate: DETECTOR_RATE_HZ };
    this.#resampler = rateHz === DETECTOR_RATE_HZ ? undefined : this.#engine.createResampler(rates);
  }

  /** @param samples any number @returns every complete 10 ms frame */
  hear(samples: Float32Array): HeardFrame[] {
    const narrow = this.#resampler ? this.#resampler.process(samples) : samples;
    const all = new Float32Array(this.#rest.length + narrow.length);
    all.set(this.#rest);
    all.set(narrow, this.#rest.length);
    const frames: HeardFrame[] = [];
    let start = 0;
    for (; start + FRAME_SAMPLES <= all.length; start += FRAME_SAMPLES) {
      frames.push(this.#judge(all.subarray(start, start + FRAME_SAMPLES)));
    }
    this.#rest = all.slice(start);
    return frames;
  }

  close(): void {
    this.#module._fvad_free(this.#detector);
    this.#module._free(this.#samplesPointer);
  }

  #judge(samples: Float32Array): HeardFrame {
    const heap = this.#module.HEAP16;
    const base = this.#samplesPointer >> 1;
    for (let index = 0; index < samples.length; index++) {
      heap[base + index] = Math.max(-32_768, Math.min(32_767, Math.round(samples[index]! * 32_768)));
    }
    const verdict = this.#module._fvad_process(this.#detector, this.#samplesPointer, samples.length);
    const levelDb = rmsDb(samples);
    return { voiced: verdict === 1 && levelDb > SILENCE_DB, levelDb };
  }
}
