import { medianTimes } from './timing.js';
import type { ResamplerFactory } from './streaming-resampler.js';

const BLOCK_FRAMES = 128;

export const DEVICE_RATES_HZ = [
  8_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 88_200, 96_000, 192_000,
];
export const SERVICE_RATES_HZ = [8_000, 24_000];

/** Every pair of a device's rate and one of the service's, both ways, without the pass-through ones. */
export function ratePairs(): [inputRate: number, outputRate: number][] {
  const pairs = new Map<string, [number, number]>();
  for (const device of DEVICE_RATES_HZ) {
    for (const service of SERVICE_RATES_HZ) {
      if (device === service) continue;
      pairs.set(`${device} ${service}`, [device, service]);
      pairs.set(`${service} ${device}`, [service, device]);
    }
  }
  return [...pairs.values()];
}

/**
 * How many times faster than real time each resampler works through a stream of 128-frame blocks of noise.
 * @param seconds Length of the stream in one round.
 */
export async function timesRealTime(
  factories: readonly ResamplerFactory[],
  inputRate: number,
  outputRate: number,
  { seconds, rounds }: { seconds: number; rounds: number },
): Promise<number[]> {
  const resamplers = await Promise.all(factories.map((factory) => factory(inputRate, outputRate)));
  const blocks = Math.ceil((seconds * inputRate) / BLOCK_FRAMES);
  const block = Float32Array.from({ length: BLOCK_FRAMES }, (_, i) => Math.sin(i * i) * 0.5);
  const times = medianTimes(
    resamplers.map((resampler) => () => {
      for (let i = 0; i < blocks; i++) resampler.process(block);
    }),
    rounds,
  );
  for (const resampler of resamplers) resampler.close();
  return times.map((ms) => ((blocks * BLOCK_FRAMES) / inputRate / ms) * 1000);
}
