import { expect } from 'chai';
import { RateChange } from '../../../../components/voice-agent-recorder/rate-change.js';

function tone(frequencyHz: number, rateHz: number, seconds: number): Float32Array {
  return Float32Array.from({ length: rateHz * seconds }, (_, index) =>
    Math.sin((2 * Math.PI * frequencyHz * index) / rateHz),
  );
}

function inBlocks(change: RateChange, samples: Float32Array, blockFrames: number): Float32Array {
  const parts: number[] = [];
  for (let at = 0; at < samples.length; at += blockFrames)
    parts.push(...change.process(samples.subarray(at, at + blockFrames)));
  return Float32Array.from(parts);
}

/** Level of a signal above the residue of the best sine of this frequency, dB. */
function snrDb(samples: Float32Array, frequencyHz: number, rateHz: number): number {
  let [sine, cosine] = [0, 0];
  samples.forEach((sample, index) => {
    const phase = (2 * Math.PI * frequencyHz * index) / rateHz;
    sine += (sample * Math.sin(phase) * 2) / samples.length;
    cosine += (sample * Math.cos(phase) * 2) / samples.length;
  });
  let [signal, noise] = [0, 0];
  samples.forEach((sample, index) => {
    const phase = (2 * Math.PI * frequencyHz * index) / rateHz;
    const fit = sine * Math.sin(phase) + cosine * Math.cos(phase);
    signal += fit ** 2;
    noise += (sample - fit) ** 2;
  });
  return 10 * Math.log10(signal / noise);
}

describe('RateChange', () => {
  for (const [fromHz, toHz] of [
    [16_000, 48_000],
    [48_000, 44_100],
    [44_100, 48_000],
    [48_000, 16_000],
  ] as const) {
    it(`converts a tone from ${fromHz} to ${toHz} Hz, with any block size`, () => {
      const samples = tone(1000, fromHz, 1);
      const whole = inBlocks(new RateChange(fromHz, toHz), samples, 4096);
      expect(Math.abs(whole.length - toHz)).to.be.at.most((40 * toHz) / fromHz);
      // A whole number of periods, taken from the middle.
      expect(snrDb(whole.subarray(toHz / 4, (3 * toHz) / 4), 1000, toHz)).to.be.greaterThan(45);
      const split = inBlocks(new RateChange(fromHz, toHz), samples, 77);
      expect(split.length).to.be.within(whole.length - 1, whole.length + 1);
      const differences = split.subarray(0, 2000).map((sample, index) => Math.abs(sample - whole[index]!));
      expect(Math.max(...differences)).to.be.lessThan(0.02);
    });
  }

  it('filters out frequencies above half of the lower rate', () => {
    const output = inBlocks(new RateChange(48_000, 16_000), tone(11_000, 48_000, 1), 4096);
    expect(Math.max(...output.subarray(1000, 15_000).map(Math.abs))).to.be.lessThan(0.02);
  });
});
