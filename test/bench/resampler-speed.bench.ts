import { createEngine, type Engine } from '../../src/engine/create-engine.js';
import { machineLoad, type Claim } from '../support/figures.js';
import { ratePairs, timesRealTime } from './resampler-timing.js';
import { markdownTable, type Section } from './section.js';
import { libsamplerate, ours, speex } from './streaming-resampler.js';
import { loopUnsteadiness } from './timing.js';

/** Many short rounds: on a busy machine some are interrupted, but not the median. */
const FAST_ROUNDS = 101;
const SLOW_ROUNDS = 51;
/** Peers differ by a factor of a hundred; the slow ones get a shorter stream. */
const FAST_SAMPLES = 60_000;
const SLOW_SAMPLES = 4_000;

function rate(hz: number): string {
  return `${hz / 1000}`;
}

async function measure(engine: Engine, inputRate: number, outputRate: number): Promise<number[]> {
  const seconds = (samples: number) => samples / Math.max(inputRate, outputRate);
  const fast = await timesRealTime([ours(engine), speex(5)], inputRate, outputRate, {
    seconds: seconds(FAST_SAMPLES),
    rounds: FAST_ROUNDS,
  });
  const slow = await timesRealTime(
    [ours(engine), speex(10), libsamplerate('medium'), libsamplerate('linear')],
    inputRate,
    outputRate,
    { seconds: seconds(SLOW_SAMPLES), rounds: SLOW_ROUNDS },
  );
  const [own = NaN, q5 = NaN] = fast;
  const [ownAgain = NaN, q10 = NaN, medium = NaN, linear = NaN] = slow;
  return [own, own / q5, ownAgain / q10, ownAgain / medium, ownAgain / linear];
}

const LEAST_REAL_TIME: Claim = {
  figure: 'resampling, any pair of rates',
  bound: 'at least',
  limit: 100,
  unit: '× real time',
};
const LEAST_RATIO: Claim = {
  figure: 'resampling, compared with libsamplerate medium',
  bound: 'at least',
  limit: 5,
  unit: '× as fast',
};
export const RESAMPLER_CLAIMS = [LEAST_REAL_TIME, LEAST_RATIO] as const;

export const resamplerSpeedSection: Section = {
  name: 'resampler-speed',
  async run() {
    const engine = await createEngine();
    const rows: string[][] = [];
    const worst = [Infinity, Infinity, Infinity, Infinity, Infinity];
    for (const [inputRate, outputRate] of ratePairs()) {
      const results = await measure(engine, inputRate, outputRate);
      results.forEach((result, i) => (worst[i] = Math.min(worst[i] ?? Infinity, result)));
      const [own = NaN, ...ratios] = results;
      rows.push([
        `${rate(inputRate)} → ${rate(outputRate)}`,
        own.toFixed(0),
        ...ratios.map((ratio) => ratio.toFixed(1)),
      ]);
    }
    rows.push(['**least**', ...worst.map((value, i) => `**${value.toFixed(i === 0 ? 0 : 1)}**`)]);
    const common = { control: loopUnsteadiness(), load: machineLoad() };
    const readings = [
      { what: 'resampling, the slowest pair', value: worst[0]!, unit: '× real time', claim: LEAST_REAL_TIME },
      {
        what: 'the least lead over libsamplerate medium',
        value: worst[3]!,
        unit: '× as fast',
        claim: LEAST_RATIO,
      },
    ].map((reading) => ({ ...reading, ...common }));
    const head = [
      'kHz',
      '× real time',
      '÷ Speex q5',
      '÷ Speex q10',
      '÷ libsamplerate medium',
      '÷ its linear',
    ];
    const markdown = `## Resampling speed

Streams of 128-frame blocks, each resampler through its own public interface; medians of ${FAST_ROUNDS} short rounds in turn (${SLOW_ROUNDS} for the three slower ones). The first
column is ours, the others say how many times faster ours is than Speex (WebAssembly with SIMD, quality 5 and 10) and
libsamplerate-js (sinc medium, and linear, which does not filter).

${markdownTable(head, rows)}`;
    return { markdown, readings };
  },
};
