import { describe, expect, it } from 'vitest';
import { measureTone } from '../../support/tone-fit.js';
import { makeTone } from '../../support/tones.js';
import { decodeAlaw, decodeUlaw, encodeAlaw, encodeUlaw } from '../../support/g711-reference.js';
import { decodeWireAudio, encodeWireAudio } from '../../support/wire-audio.js';

describe('G.711 reference', () => {
  it('has the values of the tables printed in G.711', () => {
    // Code words on the line and their decoder outputs, in units of int16.
    expect([0x80, 0x00, 0xff, 0x7f, 0xf0, 0x8f].map(decodeUlaw)).toEqual([
      32_124, -32_124, 0, 0, 120, 16_764,
    ]);
    expect([0xaa, 0x2a, 0xd5, 0x55, 0x80].map(decodeAlaw)).toEqual([32_256, -32_256, 8, -8, 5504]);
  });

  it('gives every code word back', () => {
    for (let code = 0; code < 256; code += 1) {
      expect(encodeAlaw(decodeAlaw(code))).toBe(code);
      // µ-law has two zeros; the negative one is never sent for a positive zero.
      expect(encodeUlaw(decodeUlaw(code))).toBe(code === 0x7f ? 0xff : code);
    }
  });

  it('errs by no more than half a step of each segment on all 65 536 samples', () => {
    for (let sample = -32_768; sample < 32_768; sample += 1) {
      const clipped = Math.max(-32_635, Math.min(32_635, sample));
      const allowance = Math.max(16, Math.abs(clipped) / 32) + 8;
      expect(Math.abs(decodeUlaw(encodeUlaw(clipped)) - clipped)).toBeLessThanOrEqual(allowance);
      expect(Math.abs(decodeAlaw(encodeAlaw(sample)) - sample)).toBeLessThanOrEqual(
        Math.max(16, Math.abs(sample) / 32) + 8,
      );
    }
  });
});

describe('wire audio', () => {
  it.each([
    ['audio/pcm', 24_000, 80],
    ['audio/pcmu', 8000, 35],
    ['audio/pcma', 8000, 35],
  ] as const)('%s carries a tone at %d Hz with more than %d dB', (encoding, rateHz, minDb) => {
    const sound = makeTone({ frequencyHz: 440, durationMs: 500, amplitude: 0.5, rateHz, rampMs: 0 });
    const back = decodeWireAudio(encoding, encodeWireAudio(encoding, sound));
    expect(back.rateHz).toBe(rateHz);
    expect(measureTone(back, 440).snrDb).toBeGreaterThan(minDb);
  });

  it('is silence in the byte that the service documents', () => {
    const silence = { rateHz: 8000, samples: new Float32Array(2) };
    expect([...encodeWireAudio('audio/pcmu', silence)]).toEqual([0xff, 0xff]);
    expect([...encodeWireAudio('audio/pcma', silence)]).toEqual([0xd5, 0xd5]);
    expect([...encodeWireAudio('audio/pcm', { rateHz: 24_000, samples: new Float32Array(1) })]).toEqual([
      0, 0,
    ]);
  });

  it('refuses half a sample and a wrong rate', () => {
    expect(() => decodeWireAudio('audio/pcm', new Uint8Array(3))).toThrow('half a sample');
    expect(() => encodeWireAudio('audio/pcm', { rateHz: 8000, samples: new Float32Array(1) })).toThrow(
      '24000',
    );
  });
});
