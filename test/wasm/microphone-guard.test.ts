/** The microphone is attenuated while a reply is audible and nobody speaks, so that its echo does not interrupt it. */
import { describe, expect, it } from 'vitest';
import { rms } from '../support/sound-level.js';
import { noise, syntheticVoice } from '../support/synthetic-voice.js';
import { DuplexDriver, engineModule, headless, sine } from './duplex-driver.js';

const SENT_RATE_HZ = 24_000;
const REPLY_FROM_MS = 500;
const REPLY_MS = 2_000;
const END_MS = 4_000;

interface Call {
  readonly guarded: boolean;
  readonly deviceRateHz?: number;
  /** When the near voice speaks, s. */
  readonly voiceAt?: number;
}

/** What is sent of a noisy room with a headset. */
function sentIn({ guarded, deviceRateHz = 48_000, voiceAt = Infinity }: Call): Float32Array {
  const driver = new DuplexDriver(engineModule, 'audio/pcm', deviceRateHz);
  driver.engine.guardMicrophone(guarded);
  const reply = headless.encode('audio/pcm', sine(24_000, 300, REPLY_MS));
  driver.sendReply(reply, REPLY_FROM_MS, 2_400, 50);
  const hiss = noise(1);
  const voice = syntheticVoice(deviceRateHz, 130, 1);
  driver.microphone = (frame) => 0.01 * hiss() + (voice[frame - Math.round(voiceAt * deviceRateHz)] ?? 0);
  driver.runUntil(END_MS);
  return headless.decode('audio/pcm', Uint8Array.from(driver.sent.flatMap((packet) => [...packet])));
}

const between = (samples: Float32Array, fromMs: number, toMs: number) =>
  samples.subarray((fromMs * SENT_RATE_HZ) / 1_000, (toMs * SENT_RATE_HZ) / 1_000);

/** The gain of a period, linear. */
const gainIn = (samples: Float32Array, plain: Float32Array, fromMs: number, toMs: number) =>
  rms(between(samples, fromMs, toMs)) / rms(between(plain, fromMs, toMs));

describe('a guarded microphone', () => {
  it.each([16_000, 44_100, 48_000, 192_000])(
    'is 6 dB quieter during a reply (device of %i Hz)',
    (deviceRateHz) => {
      const plain = sentIn({ guarded: false, deviceRateHz });
      const guarded = sentIn({ guarded: true, deviceRateHz });
      expect(gainIn(guarded, plain, 0, 450), 'before').toBeCloseTo(1, 2);
      expect(gainIn(guarded, plain, 1_000, 2_400), 'during').toBeCloseTo(0.5, 2);
      expect(gainIn(guarded, plain, 3_200, 3_900), 'after').toBeCloseTo(1, 2);
    },
  );

  it('stays quieter for the reverberation of the reply', () => {
    const plain = sentIn({ guarded: false });
    const guarded = sentIn({ guarded: true });
    const endMs = REPLY_FROM_MS + REPLY_MS;
    expect(gainIn(guarded, plain, endMs + 100, endMs + 250)).toBeCloseTo(0.5, 2);
  });

  it('delivers a voice over the reply unchanged, once it is detected', () => {
    const plain = sentIn({ guarded: false, voiceAt: 1.2 });
    const guarded = sentIn({ guarded: true, voiceAt: 1.2 });
    expect(gainIn(guarded, plain, 1_200, 1_400), 'its beginning').toBeGreaterThan(0.5);
    expect(between(guarded, 1_400, 2_150)).toEqual(between(plain, 1_400, 2_150));
  });

  it('changes its level without a step', () => {
    const plain = sentIn({ guarded: false, voiceAt: 1.2 });
    const guarded = sentIn({ guarded: true, voiceAt: 1.2 });
    let [before, largest] = [1, 0];
    for (const [i, sample] of plain.entries()) {
      // smaller ones are rounded too coarsely
      if (Math.abs(sample) < 0.005) continue;
      const gain = guarded[i]! / sample;
      largest = Math.max(largest, Math.abs(gain - before));
      before = gain;
    }
    expect(largest, 'it changes').toBeGreaterThan(0.005);
    expect(largest).toBeLessThan(0.1);
  });
});
