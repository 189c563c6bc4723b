import { fitTone } from '../support/tone-fit.js';
import type { ResamplerFactory } from './streaming-resampler.js';

const BLOCK_FRAMES = 128;
const AMPLITUDE = 0.5;

export interface ToneResponse {
  /** The whole output, relative to the input tone. */
  readonly levelDb: number;
  /** The tone itself. */
  readonly gainDb: number;
  /** The tone relative to the rest of the output. */
  readonly snrDb: number;
  /**
   * From the input of a sample to its output, ms: group delay and buffered output. For a tone of less than
   * 1/(2 · group delay).
   */
  readonly latencyMs: number;
}

/** Streams a tone through a resampler in 128-frame blocks, and analyses the settled part of the output. */
export async function toneResponse(
  factory: ResamplerFactory,
  inputRate: number,
  outputRate: number,
  frequencyHz: number,
  seconds: number,
): Promise<ToneResponse> {
  const resampler = await factory(inputRate, outputRate);
  const omega = (2 * Math.PI * frequencyHz) / inputRate;
  const output: number[] = [];
  const blocks = Math.ceil((seconds * inputRate) / BLOCK_FRAMES);
  for (let i = 0; i < blocks; i++) {
    const block = new Float32Array(BLOCK_FRAMES);
    for (let j = 0; j < BLOCK_FRAMES; j++) block[j] = AMPLITUDE * Math.sin(omega * (i * BLOCK_FRAMES + j));
    output.push(...resampler.process(block));
  }
  resampler.close();
  const from = Math.floor(output.length * 0.4);
  const samples = Float32Array.from(output.slice(from, Math.floor(output.length * 0.95)));
  const fit = fitTone({ rateHz: outputRate, samples }, frequencyHz);
  const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
  const turns = (from / outputRate) * frequencyHz - fit.phase / (2 * Math.PI);
  const heldBackMs = ((blocks * BLOCK_FRAMES) / inputRate - output.length / outputRate) * 1000;
  return {
    levelDb: 10 * Math.log10((2 * power) / AMPLITUDE ** 2 + 1e-20),
    gainDb: 20 * Math.log10(fit.amplitude / AMPLITUDE),
    snrDb: fit.snrDb,
    latencyMs: heldBackMs + ((turns - Math.round(turns)) / frequencyHz) * 1000,
  };
}
