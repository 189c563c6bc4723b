import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AUDIO_ENCODINGS, type AudioEncoding } from '../../src/audio-encoding.js';
import { DuplexEngine } from '../../src/engine/duplex-engine.js';
import { checkProperty } from '../support/check-property.js';
import { largestStep, rms } from '../support/sound-level.js';
import { fitTone } from '../support/tone-fit.js';
import { engineModule, headless, join, sine } from './duplex-driver.js';
import { MICROPHONE_LEVEL } from '../../src/engine/engine-exports.js';

interface Captured {
  readonly samples: Float32Array;
  readonly levels: number[];
}

/** Feeds a microphone signal quantum by quantum and decodes the packets. */
function capture(
  engine: DuplexEngine,
  encoding: AudioEncoding,
  signal: Float32Array,
  { quantumFrames = 128, before = (_frame: number) => {} } = {},
): Captured {
  const packet = new Uint8Array(engine.packetBytes);
  const parts: Float32Array[] = [];
  const levels: number[] = [];
  for (let at = 0; at < signal.length; at += quantumFrames) {
    before(at);
    let ready = engine.capture(signal.subarray(at, at + quantumFrames));
    while (ready) {
      engine.takePacket(packet);
      levels.push(engine.packetLevel);
      parts.push(headless.decode(encoding, packet));
      ready = engine.capture(new Float32Array(0));
    }
  }
  return { samples: join(...parts), levels };
}

function duplex(deviceRateHz: number, encoding: AudioEncoding): DuplexEngine {
  const engine = new DuplexEngine(engineModule, { deviceRateHz });
  engine.setFormat(encoding, 'audio/pcm');
  return engine;
}

// The engine has its own table of encodings. With a different rate or sample size, the tone would differ.
describe.each(Object.entries(AUDIO_ENCODINGS))('capturing to %s', (name, { rateHz, bytesPerSample }) => {
  const encoding = name as AudioEncoding;
  const packetBytes = (rateHz / 20) * bytesPerSample;
  const snrDb = bytesPerSample === 2 ? 85 : 35;
  it.each([8_000, 16_000, 22_050, 32_000, 44_100, 48_000, 88_200, 96_000, 192_000, 384_000])(
    'from %i Hz',
    (deviceRateHz) => {
      const engine = duplex(deviceRateHz, encoding);
      expect(engine.packetBytes).toBe(packetBytes);
      const { samples, levels } = capture(engine, encoding, sine(deviceRateHz, 440, 1040));
      expect(samples.length).toBe(rateHz);
      const fit = fitTone({ rateHz, samples: samples.subarray(rateHz / 5) }, 440);
      expect(fit.snrDb).toBeGreaterThan(snrDb);
      expect(fit.amplitude).toBeCloseTo(0.5, 2);
      expect(levels.at(-1)).toBeCloseTo(0.5 / Math.SQRT2, 2);
    },
  );
});

describe('capture', () => {
  it.each([1, 64, 100, 441, 1024])('takes quanta of %i frames', (quantumFrames) => {
    const signal = sine(48_000, 440, 500);
    const expected = capture(duplex(48_000, 'audio/pcm'), 'audio/pcm', signal);
    const actual = capture(duplex(48_000, 'audio/pcm'), 'audio/pcm', signal, { quantumFrames });
    expect(actual.samples).toEqual(expected.samples);
  });

  it('keeps packets coming without a microphone', () => {
    const engine = duplex(48_000, 'audio/pcmu');
    const packet = new Uint8Array(400);
    let packets = 0;
    for (let i = 0; i < 375; i++) {
      if (!engine.capture(undefined)) continue;
      expect(engine.takePacket(packet)).toBe(true);
      expect(packet.every((byte) => byte === 0xff)).toBe(true);
      packets++;
    }
    expect(packets).toBe(20);
    expect(engine.takePacket(packet)).toBe(false);
  });

  it('mutes within 5 ms without a click, sends silence, and still reports the level of the voice', () => {
    const engine = duplex(48_000, 'audio/pcm');
    const { samples, levels } = capture(engine, 'audio/pcm', sine(48_000, 440, 2000), {
      before: (frame) => engine.setMuted(frame >= 24_000 && frame < 48_000),
    });
    expect(rms(samples.subarray(0.51 * 24_000, 1.0 * 24_000))).toBe(0);
    expect(rms(samples.subarray(1.1 * 24_000))).toBeCloseTo(0.5 / Math.SQRT2, 2);
    expect(largestStep(samples).size).toBeLessThan(0.12);
    expect(levels[14]).toBeCloseTo(0.5 / Math.SQRT2, 2);
  });

  it('sends nothing but silence while muted, from any device, in any encoding and quantum', async () => {
    const encodings = Object.keys(AUDIO_ENCODINGS) as AudioEncoding[];
    const devices = fc.constantFrom(8_000, 22_050, 44_100, 48_000, 192_000, 384_000);
    const quanta = fc.integer({ min: 1, max: 256 });
    // what a device delivers at its worst
    const samples = fc.constantFrom(0.9, -1, 8, NaN, Infinity, 1e-40);
    await checkProperty(
      fc.property(
        fc.constantFrom(...encodings),
        devices,
        quanta,
        samples,
        (name, deviceRateHz, quantum, sample) => {
          const engine = duplex(deviceRateHz, name);
          const packet = new Uint8Array(engine.packetBytes);
          const loud = sine(deviceRateHz, 440, 400, 0.9).fill(sample, 0, deviceRateHz / 10);
          const packets: Uint8Array[] = [];
          for (let at = 0; at < loud.length; at += quantum) {
            if (at >= deviceRateHz / 10) engine.setMuted(true);
            engine.capture(loud.subarray(at, at + quantum));
            while (engine.takePacket(packet)) packets.push(packet.slice());
          }
          const { silence } = AUDIO_ENCODINGS[name];
          // muted after 100 … 132 ms; the fade takes at most a quantum and the filter 3 ms
          const muted = packets.slice(5).flatMap((bytes) => [...bytes]);
          expect(muted.length).toBeGreaterThan(0);
          expect(muted.every((byte) => byte === silence)).toBe(true);
        },
      ),
      { name: 'muted microphones', numRuns: 40, seed: 11 },
    );
  });

  it('reports the level of the microphone even while muted', () => {
    const engine = duplex(48_000, 'audio/pcm');
    engine.setMuted(true);
    const { samples } = capture(engine, 'audio/pcm', sine(48_000, 440, 500));
    expect(rms(samples.subarray(0.01 * 24_000))).toBe(0);
    expect(engine.reading(MICROPHONE_LEVEL)).toBeCloseTo(0.5 / Math.SQRT2, 2);
  });

  it('counts each sample in the level', () => {
    const engine = duplex(48_000, 'audio/pcm');
    for (let first = 0; first < 8; first++) {
      engine.capture(Float32Array.from({ length: 128 }, (_, i) => (i % 8 === first ? 0.8 : 0)));
      expect(engine.reading(MICROPHONE_LEVEL)).toBeCloseTo(0.8 / Math.sqrt(8), 6);
    }
  });

  it('sends no sound at all if it was muted before the call', () => {
    const engine = new DuplexEngine(engineModule, { deviceRateHz: 48_000 });
    engine.setMuted(true);
    engine.setFormat('audio/pcm', 'audio/pcm');
    const { samples } = capture(engine, 'audio/pcm', sine(48_000, 440, 200));
    expect(samples.length).toBeGreaterThan(0);
    expect(rms(samples)).toBe(0);
  });

  it('starts a new packet with another format', () => {
    const engine = duplex(48_000, 'audio/pcm');
    capture(engine, 'audio/pcm', sine(48_000, 440, 30));
    engine.setFormat('audio/pcmu', 'audio/pcm');
    expect(engine.packetBytes).toBe(400);
    const { samples, levels } = capture(engine, 'audio/pcmu', new Float32Array(50 * 48));
    expect(samples).toEqual(new Float32Array(400));
    expect(levels).toEqual([0]);
  });

  it('survives the samples of a broken device', () => {
    const engine = duplex(48_000, 'audio/pcm');
    const broken = sine(48_000, 440, 1000);
    broken.fill(NaN, 5000, 5100);
    broken.fill(Infinity, 6000, 6003);
    broken.fill(-Infinity, 7000, 7001);
    const { samples } = capture(engine, 'audio/pcm', broken);
    expect(fitTone({ rateHz: 24_000, samples: samples.subarray(6000) }, 440).snrDb).toBeGreaterThan(80);
    expect(engine.reading(MICROPHONE_LEVEL)).toBeGreaterThan(0);
    expect(engine.reading(MICROPHONE_LEVEL)).toBe(0);
  });

  it('loses the oldest packets, and only whole ones, if they are not taken', () => {
    const engine = duplex(48_000, 'audio/pcm');
    const ramp = Float32Array.from({ length: 48_000 * 2 }, (_, i) => Math.sin(i / 50_000));
    for (let at = 0; at < ramp.length; at += 128) engine.capture(ramp.subarray(at, at + 128));
    const packet = new Uint8Array(2400);
    const kept: Float32Array[] = [];
    while (engine.takePacket(packet)) kept.push(headless.decode('audio/pcm', packet));
    expect(kept).toHaveLength(15);
    expect(largestStep(join(...kept)).size).toBeLessThan(0.001);
  });
});
