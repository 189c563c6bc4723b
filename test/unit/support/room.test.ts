import { describe, expect, it } from 'vitest';
import { Fourier, locate } from '../../room/fourier.js';
import { RATE_HZ } from '../../room/delays.js';
import { downAfterMs, judgeDucks, nearSpeech } from '../../room/judge.js';
import { lostWords } from '../../room/lost-words.js';
import { BLOCK_FRAMES, Convolver, ROOM_RATE_HZ, RoomModel, impulseResponse } from '../../room/room-model.js';
import { ROOMS } from '../../room/rooms.js';
import { noise, syntheticVoice } from '../../support/synthetic-voice.js';

const MS = ROOM_RATE_HZ / 1_000;

describe('the Fourier transform of the rooms', () => {
  it('undoes itself, and finds a tone in its bin', () => {
    const fourier = new Fourier(64);
    const random = noise(1);
    const [re, im] = [Float64Array.from({ length: 64 }, random), new Float64Array(64)];
    const before = re.slice();
    fourier.forward(re, im);
    fourier.inverse(re, im);
    re.forEach((x, i) => expect(x).toBeCloseTo(before[i]!, 12));
    const tone = Float64Array.from({ length: 64 }, (_, i) => Math.cos((2 * Math.PI * 5 * i) / 64));
    fourier.forward(tone, im.fill(0));
    expect(tone[5]).toBeCloseTo(32, 9);
    expect(tone[6]).toBeCloseTo(0, 9);
  });

  it('locates a part of a signal', () => {
    const random = noise(2);
    const signal = Float32Array.from({ length: 3_000 }, random);
    const found = locate(signal, signal.subarray(1_234, 1_634));
    expect(found.at).toBe(1_234);
    expect(found.height).toBeCloseTo(1, 2);
  });

  it('locates a faint part next to a loud one', () => {
    const random = noise(2);
    const signal = Float32Array.from({ length: 3_000 }, (_, i) => random() * (i < 1_800 ? 1 : 0.05));
    const found = locate(signal, signal.subarray(2_000, 2_400));
    expect(found.at).toBe(2_000);
    expect(found.height).toBeCloseTo(1, 2);
  });
});

describe('a room', () => {
  it('convolves in blocks as the sum says', () => {
    const random = noise(3);
    const response = Float64Array.from({ length: 1_100 }, random);
    const input = Float64Array.from({ length: 4 * BLOCK_FRAMES }, random);
    const convolver = new Convolver();
    convolver.response = response;
    const output = [0, 1, 2, 3].flatMap((k) => [
      ...convolver.process(input.slice(k * BLOCK_FRAMES, (k + 1) * BLOCK_FRAMES)),
    ]);
    for (const i of [0, 479, 480, 1_000, 1_919]) {
      const expected = response.reduce((sum, h, k) => sum + h * (input[i - k] ?? 0), 0);
      expect(output[i]).toBeCloseTo(expected, 8);
    }
  });

  it('has the gain and the delay that are asked for', () => {
    const room = ROOMS.find(({ name }) => name === 'office')!;
    const response = impulseResponse(room, noise(4));
    expect(10 * Math.log10(response.reduce((sum, x) => sum + x * x, 0))).toBeCloseTo(room.gainDb, 9);
    expect(response.findIndex((x) => x !== 0)).toBe(room.delayMs * MS);
  });

  it('brings a near voice to the microphone as it is', () => {
    const model = new RoomModel({ ...ROOMS[0]!, noiseDb: -200 }, new Float32Array(0), 1);
    const near = syntheticVoice(ROOM_RATE_HZ, 120, 0.01);
    const heard = model.process(new Float32Array(BLOCK_FRAMES), near);
    heard.forEach((x, i) => expect(x).toBeCloseTo(near[i]!, 6));
  });
});

describe('a run is judged', () => {
  const reply = syntheticVoice(ROOM_RATE_HZ, 200, 4);
  const played = (gainAt: (ms: number) => number) => reply.map((x, i) => x * gainAt(i / MS));

  it('by the last moment in which the agent was louder than 12 dB below its reply', () => {
    const after = downAfterMs(
      played((ms) => (ms < 2_120 ? 1 : 0.178)),
      reply,
      2_000,
    );
    expect(after).toBeGreaterThanOrEqual(115);
    expect(after).toBeLessThanOrEqual(126);
  });

  it('as missed when it was not down within a second, however much quieter it was', () => {
    expect(
      downAfterMs(
        played((ms) => (ms < 2_120 ? 1 : 0.4)),
        reply,
        2_000,
      ),
    ).toBeUndefined();
  });

  it('as no case when the agent did not sound', () => {
    expect(downAfterMs(new Float32Array(reply.length), reply, 2_000)).toBe('not sounding');
  });

  it('from the first 10 ms within 20 dB of the loudest', () => {
    const near = Float32Array.from({ length: 100 * MS }, (_, i) => (i < 30 * MS ? 0.001 : 0.1));
    expect(nearSpeech(near, 500)).toEqual({ onsetMs: 530, endMs: 600 });
  });

  it('with ducks that belong to nobody', () => {
    const near = [{ onsetMs: 5_000, endMs: 6_000 }];
    const verdict = judgeDucks([4_000, 5_100, 6_500, 6_700, 99_000], near, [500, 10_500]);
    expect(verdict.falseDucks).toBe(2);
    expect(verdict.aloneMinutes).toBeCloseTo((10_000 - 1_650) / 60_000, 9);
  });
});

describe('lost words', () => {
  const rateHz = RATE_HZ;
  /** Five phrases of a second with pauses of 400 ms. */
  const reply = Float32Array.from(
    [1, 2, 3, 4, 5].flatMap((seed) => [
      ...syntheticVoice(rateHz, 90 + 23 * seed, 1, seed),
      ...new Float32Array(0.4 * rateHz),
    ]),
  );
  /** Ducked from 1.6 s on, and held for 2 s in the middle of a word, at 2.1 s. The pause after it is shorter by 200 ms. */
  const played = Float32Array.from([
    ...new Float32Array(500),
    ...reply.map((x, i) => (i > 1.6 * rateHz ? x / 5.6 : x)).subarray(0, 2.1 * rateHz),
    ...new Float32Array(2 * rateHz),
    ...reply.subarray(2.1 * rateHz, 2.45 * rateHz),
    ...reply.subarray(2.65 * rateHz),
    ...new Float32Array(6 * rateHz),
  ]);

  it('are none if the reply was ducked, held and caught up', () => {
    const { lostMs, spokenMs } = lostWords(reply, played);
    expect(lostMs).toBe(0);
    expect(spokenMs).toBeGreaterThan(3_000);
  });

  it('are none if the call ended in the middle of a word', () => {
    const end = 8 * rateHz + 500;
    expect(
      lostWords(
        reply,
        played.map((x, i) => (i < end ? x : 0)),
      ).lostMs,
    ).toBe(0);
  });

  it.each([
    { what: 'where it was held', atSeconds: 2.1 - 0.1 },
    { what: 'in the middle of a phrase', atSeconds: 6.5 },
  ])('are found $what', ({ atSeconds }) => {
    const [first, count] = [Math.round(atSeconds * rateHz) + 500, 0.1 * rateHz];
    const cut = Float32Array.from([...played.subarray(0, first), ...played.subarray(first + count)]);
    const { lostMs } = lostWords(reply, cut);
    expect(lostMs).toBeGreaterThanOrEqual(40);
    expect(lostMs).toBeLessThanOrEqual(130);
  });
});
