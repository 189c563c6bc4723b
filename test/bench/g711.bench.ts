import * as alawmulaw from 'alawmulaw';
import { createEngine, type Engine } from '../../src/engine/create-engine.js';
import { machineLoad, type Claim, type Reading } from '../support/figures.js';
import { decodeAlaw, decodeUlaw, encodeAlaw, encodeUlaw } from '../support/g711-reference.js';
import { markdownTable, type Section } from './section.js';
import { loopUnsteadiness, medianTimes } from './timing.js';

// a CommonJS file whose names Node cannot detect, so they are under `default`
const { alaw, mulaw } = ('default' in alawmulaw ? alawmulaw.default : alawmulaw) as typeof alawmulaw;

const ROUNDS = 15;
const ALL_INT16 = Int16Array.from({ length: 65_536 }, (_, i) => i - 32_768);
const ALL_CODES = Uint8Array.from({ length: 65_536 }, (_, i) => i & 0xff);

function differences(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let count = 0;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) count++;
  return count;
}

export const LAWS = [
  { name: 'µ-law', encoding: 'audio/pcmu', peer: mulaw, encode: encodeUlaw, decode: decodeUlaw },
  { name: 'A-law', encoding: 'audio/pcma', peer: alaw, encode: encodeAlaw, decode: decodeAlaw },
] as const;
const FLOATS = Float32Array.from(ALL_INT16, (sample) => sample / 32_768);

/** Of a block: half a second. For the result of a larger one, the allocator asks the system for memory at some times. */
const BLOCK_SAMPLES = 4_096;

function blocksOf<T extends { subarray(from: number, to: number): T; readonly length: number }>(all: T): T[] {
  return Array.from({ length: all.length / BLOCK_SAMPLES }, (_, i) =>
    all.subarray(i * BLOCK_SAMPLES, (i + 1) * BLOCK_SAMPLES),
  );
}

/** ns per sample: our encoder, the peer's, our decoder, the peer's. */
function timeLaw(engine: Engine, { encoding, peer }: (typeof LAWS)[number], rounds: number): number[] {
  const [floats, samples, codes] = [blocksOf(FLOATS), blocksOf(ALL_INT16), blocksOf(ALL_CODES)];
  return medianTimes(
    [
      () => floats.forEach((block) => engine.encode(encoding, block)),
      () => samples.forEach((block) => peer.encode(block)),
      () => codes.forEach((block) => engine.decode(encoding, block)),
      () => codes.forEach((block) => peer.decode(block)),
    ],
    rounds,
  ).map((ms) => (ms * 1e6) / 65_536);
}

export const G711_CLAIM: Claim = {
  figure: 'G.711 coding, compared with `alawmulaw`',
  bound: 'at least',
  limit: 1.5,
  unit: '× as fast',
};

export const g711Section: Section = {
  name: 'g711',
  async run() {
    const engine = await createEngine();
    const readings: Reading[] = [];
    const rows = LAWS.flatMap((law) => {
      const { name, encoding, peer, encode, decode } = law;
      const times = timeLaw(engine, law, ROUNDS);
      const [ownEncode = NaN, peerEncode = NaN, ownDecode = NaN, peerDecode = NaN] = times;
      readings.push({
        what: name,
        value: Math.min(peerEncode / ownEncode, peerDecode / ownDecode),
        unit: '× as fast',
        claim: G711_CLAIM,
        control: loopUnsteadiness(),
        load: machineLoad(),
      });
      const codes = Uint8Array.from(ALL_INT16, encode);
      const values = Float32Array.from(ALL_CODES, (code) => decode(code) / 32_768);
      const row = (what: string, own: number, other: number, ownWrong: number, otherWrong: number) => [
        `${name} ${what}`,
        own.toFixed(2),
        other.toFixed(2),
        (other / own).toFixed(1),
        String(ownWrong),
        String(otherWrong),
      ];
      return [
        row(
          'encode',
          ownEncode,
          peerEncode,
          differences(engine.encode(encoding, FLOATS), codes),
          differences(peer.encode(ALL_INT16.slice()), codes),
        ),
        row(
          'decode',
          ownDecode,
          peerDecode,
          differences(engine.decode(encoding, ALL_CODES), values),
          differences(
            Float32Array.from(peer.decode(ALL_CODES), (value) => value / 32_768),
            values,
          ),
        ),
      ];
    });
    const head = ['', 'ours, ns', 'alawmulaw, ns', 'ratio', 'ours ≠ G.191', 'alawmulaw ≠ G.191'];
    const markdown = `## G.711

Time per sample, between floats and bytes in ours and between int16 and bytes in \`alawmulaw\`, and how many of the 65 536 samples or
codes differ from the reference of ITU-T G.191. Medians of ${ROUNDS}.

${markdownTable(head, rows)}`;
    return { markdown, readings };
  },
};
