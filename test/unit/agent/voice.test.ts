import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { Voice, splitSentences, type Speech } from '../../../agent/voice.js';

const voice = new Voice();
afterAll(() => voice.close());

function rms(samples: Float32Array): number {
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample ** 2, 0) / Math.max(1, samples.length));
}

function slice({ rateHz, samples }: Speech, fromMs: number, toMs: number): Float32Array {
  return samples.slice(Math.round((fromMs / 1000) * rateHz), Math.round((toMs / 1000) * rateHz));
}

test('sentences end at punctuation, but not at decimal points', () => {
  expect(splitSentences('It took 1.8 seconds. Really? Yes! And then')).toEqual([
    'It took 1.8 seconds.',
    'Really?',
    'Yes!',
    'And then',
  ]);
});

test('an endless sentence is split without losing a word', () => {
  const text = 'a comma, and then some more of it '.repeat(40).trim();
  const pieces = splitSentences(text);
  expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThanOrEqual(240);
  expect(pieces.join(' ')).toBe(text);
  expect(splitSentences('x'.repeat(1000)).join('')).toBe('x'.repeat(1000));
});

describe.each([24_000, 8_000])('at %i Hz', (rateHz) => {
  const text = 'Good morning, my friend. It took 1.8 seconds to say so.';
  let speech: Speech;
  beforeAll(async () => {
    speech = await voice.speak(text, 'alba', rateHz);
  });

  test('a text becomes audio of a natural length and level', () => {
    const seconds = speech.samples.length / speech.rateHz;
    expect(seconds).toBeGreaterThan(2.5);
    expect(seconds).toBeLessThan(6);
    expect(rms(speech.samples)).toBeGreaterThan(0.05);
    expect(Math.max(...speech.samples.map(Math.abs))).toBeLessThan(1);
  });

  test('the first and last samples are audible: there is no silence around it', () => {
    const endMs = (speech.samples.length / rateHz) * 1000;
    expect(rms(slice(speech, 0, 30))).toBeGreaterThan(0.002);
    expect(rms(slice(speech, endMs - 30, endMs))).toBeGreaterThan(0.001);
  });

  test('every word has its time, in order, within the audio', () => {
    expect(speech.words.map((word) => word.text)).toEqual(text.split(' '));
    const endMs = (speech.samples.length / rateHz) * 1000;
    let previousStartMs = -1;
    for (const { startMs, endMs: wordEndMs } of speech.words) {
      expect(startMs).toBeGreaterThan(previousStartMs);
      expect(wordEndMs).toBeGreaterThan(startMs);
      expect(wordEndMs).toBeLessThanOrEqual(endMs + 50);
      previousStartMs = startMs;
    }
    expect(speech.words[0]!.startMs).toBe(0);
  });

  test('words are audible at their times, with silence between them', () => {
    const whole = rms(speech.samples);
    for (const word of speech.words)
      expect(rms(slice(speech, word.startMs, word.endMs)), word.text).toBeGreaterThan(whole * 0.2);
    const last = speech.words.findIndex((word) => word.text === 'friend.');
    const pause = slice(speech, speech.words[last]!.endMs + 60, speech.words[last + 1]!.startMs - 60);
    expect(pause.length).toBeGreaterThan(0);
    expect(rms(pause)).toBeLessThan(whole * 0.05);
  });
});

test('a repeated text is not synthesized again', async () => {
  const sentence = 'This sentence is made just once, although it is asked for twice in a row.';
  const asked = vi.spyOn(Worker.prototype, 'postMessage');
  const first = await voice.speak(sentence, 'alba', 8000);
  expect(asked).toHaveBeenCalledTimes(1);
  const second = await voice.speak(sentence, 'alba', 8000);
  expect(asked, 'the synthesizer is not asked again').toHaveBeenCalledTimes(1);
  expect(second.samples).toEqual(first.samples);
  asked.mockRestore();
});

test('voices differ, and unknown ones use the default', async () => {
  const [alba, michael, unknown] = await Promise.all(
    ['alba', 'michael', 'somebody-else'].map((name) => voice.speak('The same words.', name, 8000)),
  );
  expect(michael!.samples.length).not.toBe(alba!.samples.length);
  expect(unknown!.samples).toEqual(alba!.samples);
});

test('text without speech gives empty audio, not an error', async () => {
  const speech = await voice.speak('— …', 'alba', 24_000);
  expect(speech.samples.length).toBe(0);
  expect(speech.words).toEqual([]);
});
