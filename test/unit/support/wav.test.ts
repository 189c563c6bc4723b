import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { scheduleMicrophone, writeMicrophoneFile } from '../../support/fake-microphone.js';
import { findStretches, rms } from '../../support/sound-level.js';
import { makeTone, slice } from '../../support/tones.js';
import { decodeWav, encodeWav } from '../../support/wav.js';

const tone = (frequencyHz: number, durationMs: number) =>
  makeTone({ frequencyHz, durationMs, amplitude: 0.5, rateHz: 16_000 });

describe('WAVE files', () => {
  it('come back as they were, to half a step of 16 bits', () => {
    const sound = tone(440, 100);
    const back = decodeWav(encodeWav(sound));
    expect(back.rateHz).toBe(16_000);
    expect(back.samples).toHaveLength(sound.samples.length);
    for (const [index, sample] of back.samples.entries()) {
      expect(Math.abs(sample - sound.samples[index]!)).toBeLessThanOrEqual(0.5 / 32_768);
    }
  });

  it('clamp what is beyond full scale', () => {
    const { samples } = decodeWav(encodeWav({ rateHz: 8000, samples: Float32Array.of(1.5, -1.5) }));
    expect([...samples]).toEqual([32_767 / 32_768, -1]);
  });

  it('are read past chunks that are not known', () => {
    const plain = encodeWav(tone(440, 10));
    const extra = Buffer.from('LIST\x03\0\0\0abc\0', 'latin1');
    const file = Buffer.concat([plain.subarray(0, 36), extra, plain.subarray(36)]);
    expect(decodeWav(file).samples).toHaveLength(160);
  });

  it('are refused if they are something else', () => {
    expect(() => decodeWav(Buffer.alloc(60))).toThrow('RIFF');
  });
});

describe('fake microphone', () => {
  it('places sounds at their times and ends with two seconds of silence', () => {
    const sound = scheduleMicrophone([
      { atMs: 500, sound: tone(300, 200) },
      { atMs: 1500, sound: tone(300, 100) },
    ]);
    const stretches = findStretches(sound, { minGapMs: 50 });
    expect(stretches.map(({ startMs }) => Math.round(startMs / 10) * 10)).toEqual([500, 1500]);
    expect(sound.samples).toHaveLength(16_000 * 3.6);
    expect(rms(slice(sound, 1600).samples)).toBe(0);
  });

  it('refuses to mix rates', () => {
    const other = makeTone({ frequencyHz: 300, durationMs: 10, amplitude: 0.5, rateHz: 8000 });
    expect(() =>
      scheduleMicrophone([
        { atMs: 0, sound: tone(300, 10) },
        { atMs: 50, sound: other },
      ]),
    ).toThrow('rate');
  });

  it('is written to a file, which disposing deletes', async () => {
    const file = await writeMicrophoneFile(scheduleMicrophone([{ atMs: 0, sound: tone(300, 10) }]));
    expect(decodeWav(readFileSync(file.path)).rateHz).toBe(16_000);
    await file[Symbol.asyncDispose]();
    expect(existsSync(file.path)).toBe(false);
  });
});
