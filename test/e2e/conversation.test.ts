import { expect, test, type Page } from '@playwright/test';
import { startAgent } from '../../agent/server.js';
import { Voice } from '../../agent/voice.js';
import type { AudioEncoding } from '../../src/audio-encoding.js';
import { readEvents, startCall, stopCall, waitForEvents, waitForState } from '../support/agent-page.js';
import { AgentTap, type TappedReply } from '../support/agent-tap.js';
import { openTestPage } from '../support/open-call.js';
import { medianPitchHz } from '../support/pitch.js';
import { findStretches, largestStep, rms, soundMs } from '../support/sound-level.js';
import {
  frameAtEpochMs,
  readLatestSpeaker,
  untilAudible,
  type SpeakerRecording,
} from '../support/speaker-recorder.js';
import { installSpokenMicrophone, sayAloud } from '../support/spoken-microphone.js';
import { unmatchedGaps } from '../support/gap-match.js';
import { slice } from '../support/tones.js';
import type { Sound } from '../support/wav.js';

const ENCODINGS: readonly AudioEncoding[] = ['audio/pcm', 'audio/pcmu', 'audio/pcma'];

/** Tolerances: pitch, level and pace. */
const TOLERANCE = 0.03;
/** Rounding to render quanta and to the audible threshold. */
const HEARD_TOLERANCE_MS = 40;

/** Within the telephone band, so that every encoding can carry it. */
const VOICE_RATE_HZ = 8_000;
const FIRST_WORDS = 'Good evening. I would like to know whether you can hear me well.';
const INTERRUPTING_WORDS = 'Wait a moment please, I have another question about all of this.';
/** Part of the first answer, of about 8 s, that is heard before the user speaks again. */
const HEARD_FIRST_MS = 2_000;

const relative = (actual: number, expected: number): number => Math.abs(actual / expected - 1);

async function speak(text: string): Promise<Sound> {
  const { samples, rateHz } = await Voice.shared.speak(text, 'michael', VOICE_RATE_HZ);
  return { samples, rateHz };
}

/** The longest stretch without a pause, from its first to its last audible sample. */
function speechOf(sound: Sound, fromMs: number, toMs: number): Sound {
  const part = slice(sound, fromMs, toMs);
  const stretches = findStretches(part, { minGapMs: 1_000, threshold: 0.005 });
  const longest = stretches.reduce((a, b) => (b.endMs - b.startMs > a.endMs - a.startMs ? b : a));
  return slice(part, longest.startMs, longest.endMs);
}

/** The server received the speech with the same pitch, level and pace. */
function expectHeardByServer(tap: AgentTap, encoding: AudioEncoding, said: Sound): void {
  const input = tap.input(encoding);
  const startMs = findStretches(input, { minGapMs: 1_000, threshold: 0.005 })[0]!.startMs;
  const saidMs = (said.samples.length / said.rateHz) * 1000;
  const heard = speechOf(input, startMs - 50, startMs + saidMs + 500);
  const reference = speechOf(said, 0, Infinity);
  const figures = {
    pitch: relative(medianPitchHz(heard)!, medianPitchHz(reference)!),
    level: relative(rms(heard.samples), rms(reference.samples)),
    pace: relative(heard.samples.length / heard.rateHz, reference.samples.length / reference.rateHz),
  };
  console.log('microphone → server, off by', percentages(figures));
  for (const [name, error] of Object.entries(figures)) expect(error, name).toBeLessThan(TOLERANCE);
}

/** The user heard a complete reply with the same pitch, level and length, and no gap within a word. */
function expectHeardByUser(
  recording: SpeakerRecording,
  reply: TappedReply,
  encoding: AudioEncoding,
  underruns: number,
): void {
  const sent = reply.sound(encoding);
  const from = frameAtEpochMs(recording, reply.startedAtEpochMs);
  const heard = { rateHz: recording.rateHz, samples: recording.samples.subarray(from) };
  const figures = {
    pitch: relative(medianPitchHz(heard)!, medianPitchHz(sent)!),
    level: relative(energy(heard), energy(sent)),
    length: relative(soundMs(heard, 30), soundMs(sent, 30)),
  };
  console.log('server → speaker, off by', percentages(figures));
  for (const [name, error] of Object.entries(figures)) expect(error, name).toBeLessThan(TOLERANCE);
  const torn = unmatchedGaps(heard, sent);
  console.log(`${torn.length} gaps that were not sent, ${underruns} underruns`);
  expect(torn.length, 'gaps inside words that no underrun explains').toBeLessThanOrEqual(underruns);
}

/** Root of the energy, so that silence around the audio does not count. */
function energy({ rateHz, samples }: Sound): number {
  return rms(samples) * Math.sqrt(samples.length / rateHz);
}

/** Only the part of the interrupted reply that the client reports as heard was audible. */
function expectCut(recording: SpeakerRecording, cut: TappedReply, next: TappedReply, heardMs: number): void {
  const [from, until] = [cut, next].map((reply) => frameAtEpochMs(recording, reply.startedAtEpochMs));
  const part = { rateHz: recording.rateHz, samples: recording.samples.subarray(from, until) };
  console.log(`heard ${heardMs.toFixed(0)} ms of the first reply, audible ${soundMs(part).toFixed(0)} ms`);
  expect(soundMs(part)).toBeLessThan(heardMs + HEARD_TOLERANCE_MS);
}

async function expectTranscriptShown(page: Page): Promise<void> {
  const finals = (await readEvents(page, 'transcript')).filter(({ detail }) => detail.final);
  const roles = finals.map(({ detail }) => detail.role);
  expect(roles.filter((role) => role === 'user').length).toBeGreaterThanOrEqual(2);
  expect(roles.filter((role) => role === 'agent').length).toBeGreaterThanOrEqual(2);
  // A later text with the same id replaces the earlier one: the part of an interrupted reply that was heard.
  const latest = new Map(finals.map(({ detail }) => [detail.replyId ?? detail.itemId, detail.text]));
  for (const text of latest.values()) await expect(page.locator('voice-agent')).toContainText(text);
}

function percentages(figures: Readonly<Record<string, number>>): string {
  const entries = Object.entries(figures);
  return entries.map(([name, value]) => `${name} ${(value * 100).toFixed(2)} %`).join(', ');
}

for (const encoding of ENCODINGS) {
  // `npm test` runs one encoding. The others differ only in the codec, which encodings.test.ts covers.
  const tag = encoding === 'audio/pcm' ? [] : ['@long'];
  test(`a spoken conversation of two turns with an interruption, in ${encoding}`, { tag }, async () => {
    test.setTimeout(180_000);
    const [first, interrupting] = await Promise.all([speak(FIRST_WORDS), speak(INTERRUPTING_WORDS)]);
    const agent = await startAgent();
    const tap = new AgentTap(agent.events);
    await using opened = await openTestPage({
      prepare: installSpokenMicrophone,
      attributes: {
        // Audio that is sent ahead of time is complete even if this machine stops for a moment.
        'token-url': `${agent.url}/voice-token?fault=speed=1.5`,
        'input-encoding': encoding,
        'output-encoding': encoding,
      },
    });
    const { page } = opened;
    try {
      expect(await startCall(page)).toBeUndefined();
      await waitForState(page, 'listening');
      await sayAloud(page, first);
      await waitForState(page, 'speaking');
      await untilAudible(page, HEARD_FIRST_MS);
      await sayAloud(page, interrupting);
      const [interruption] = await waitForEvents(page, 'interruption');
      const ends = await waitForEvents(page, 'reply-end', 2);
      await waitForState(page, 'listening');
      const recording = await readLatestSpeaker(page);
      // The next reply may have been counted before this one was over.
      const stats = await waitForEvents(page, 'stats', (await readEvents(page, 'stats')).length + 2);
      await stopCall(page);

      expect(ends.map(({ detail }) => detail.status)).toEqual(['interrupted', 'completed']);
      expect(await readEvents(page, 'interruption')).toHaveLength(1);
      const { heardMs, heardText, replyId } = interruption!.detail;
      expect(heardMs).toBeGreaterThan(0);
      expect(heardText).not.toBe('');
      expectHeardByServer(tap, encoding, first);
      const [cut, whole] = [tap.replies[0]!, tap.replies[1]!];
      expect(replyId).toBe(cut.replyId);
      expectCut(recording, cut, whole, heardMs);
      expectHeardByUser(recording, whole, encoding, stats.at(-1)!.detail.underruns);
      // At twice the rate or more, every step of the voice is smaller than in the original. A larger step is a click.
      const sentSteps = tap.replies.map((reply) => largestStep(reply.sound(encoding).samples).size);
      expect(largestStep(recording.samples).size, 'no click').toBeLessThan(Math.max(...sentSteps));
      await expectTranscriptShown(page);
      expect(await readEvents(page, 'agent-error')).toEqual([]);
    } finally {
      await agent.close();
    }
  });
}
