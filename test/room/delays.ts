/** Measures delays by correlating the signals at both ends. */
import type { Sound } from '../support/wav.js';
import { locate } from './fourier.js';
import type { RoomResult } from './one-room.js';
import { ROOM_RATE_HZ } from './room-model.js';

/** Enough to locate a voice, with a sixth of the work. */
export const RATE_HZ = 8_000;
const PIECE_SECONDS = 1.2;
/** Maximum offset between the clocks of page and room. */
const SEARCH_SECONDS = 3;
const LEAST_HEIGHT = 0.3;

/** Low enough that nothing above half of the new rate is folded into it. */
const BAND_HZ = 2_400;
/** Half the length of the low-pass filter. */
const REACH_SECONDS = 0.002_5;

/** At 8 kHz, by a low-pass filter with a Hann window. */
export function thin(samples: Float32Array, rateHz: number): Float32Array {
  const step = rateHz / RATE_HZ;
  const reach = REACH_SECONDS * rateHz;
  const turn = (2 * Math.PI * BAND_HZ) / rateHz;
  return Float32Array.from({ length: Math.floor(samples.length / step) }, (_, i) => {
    let [sum, weights] = [0, 0];
    for (let at = Math.ceil(i * step - reach); at <= i * step + reach; at++) {
      const distance = at - i * step;
      const sinc = distance === 0 ? 1 : Math.sin(turn * distance) / (turn * distance);
      const weight = sinc * (1 + Math.cos((Math.PI * distance) / reach));
      sum += weight * (samples[at] ?? 0);
      weights += weight;
    }
    return sum / weights;
  });
}

/** Delay from `here` to `there` at that time, in s; `undefined` if the signal is not found. */
function lag(here: Float32Array, there: Float32Array, atSeconds: number): number | undefined {
  const first = Math.round(atSeconds * RATE_HZ);
  const pattern = here.subarray(first, first + PIECE_SECONDS * RATE_HZ);
  const from = Math.max(0, first - SEARCH_SECONDS * RATE_HZ);
  const signal = there.subarray(from, first + (SEARCH_SECONDS + PIECE_SECONDS) * RATE_HZ);
  const { at, height } = locate(signal, pattern);
  return height < LEAST_HEIGHT ? undefined : (from + at - first) / RATE_HZ;
}

export interface RoundTripOfRun {
  /**
   * Sum of the delays from the worklet to the loudspeaker and from the microphone to the worklet. In the sum, the clocks
   * of page and room cancel out. It includes the browser's canceller.
   */
  readonly ms: number | undefined;
  /** Change of the input delay between onsets. A large change means that the machine could not keep up. */
  readonly changedMs: number;
}

/** How much later each utterance is in a recording than in the room, s, in order; without those that are not found. */
function inputDelays({ nearTrack, near }: RoomResult, heard: Sound): number[] {
  const voice = thin(nearTrack, ROOM_RATE_HZ);
  const there = thin(heard.samples, heard.rateHz);
  return near
    .map(({ onsetMs }) => lag(voice, there, onsetMs / 1_000))
    .filter((found) => found !== undefined)
    .sort((a, b) => a - b);
}

/** Added to a time of the room, it is a time in that recording of the microphone; 0 if no utterance is found. */
export function inputDelayMs(result: RoomResult, heard: Sound): number {
  const delays = inputDelays(result, heard);
  return (delays[Math.floor(delays.length / 2)] ?? 0) * 1_000;
}

export function roundTripOf(result: RoomResult): RoundTripOfRun {
  const { tapped, loudspeaker } = result;
  const { rateHz } = tapped;
  const played = thin(tapped.speaker, rateHz);
  const outside = thin(loudspeaker, ROOM_RATE_HZ);
  const out = [3, 5, 7].map((at) => lag(played, outside, at)).find((found) => found !== undefined);
  const ins = inputDelays(result, { rateHz, samples: tapped.microphone });
  const middle = ins[Math.floor(ins.length / 2)];
  return {
    ms: out === undefined || middle === undefined ? undefined : (out + middle) * 1_000,
    changedMs: ((ins.at(-1) ?? 0) - (ins[0] ?? 0)) * 1_000,
  };
}
