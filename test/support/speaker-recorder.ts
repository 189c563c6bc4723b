/**
 * Records what a page plays, sample by sample, in parallel to the speaker. It runs in the audio thread, so it
 * also sees what happens while the page's main thread is blocked.
 */
import type { BrowserContext, Page } from '@playwright/test';
import { installRecorder, type PageRecording, type RecorderOptions } from './speaker-recorder-page.js';
import type { Sound } from './wav.js';

/** What one AudioContext played. Full scale is ±1; channels are mixed to one. */
export interface SpeakerRecording extends Sound {
  /** Frames in a render quantum. */
  readonly quantumFrames: number;
  /** `Date.now()` when each quantum was rendered; the recording has no gaps between them. */
  readonly quantumEpochMs: Float64Array;
}

/** Records every AudioContext that pages of the target create from now on. */
export async function recordSpeaker(
  target: Page | BrowserContext,
  options: RecorderOptions = {},
): Promise<void> {
  await target.addInitScript(installRecorder, options);
}

/**
 * Everything played so far.
 *
 * @returns One recording for each AudioContext that played to the speaker, in order of their first connection.
 */
export async function readSpeaker(page: Page): Promise<SpeakerRecording[]> {
  return decodeRecordings(await page.evaluate(() => window.speakerRecorder.read()));
}

/** Recordings as the page returns them. */
export function decodeRecordings(recordings: readonly PageRecording[]): SpeakerRecording[] {
  return recordings.map(({ rateHz, quantumFrames, samples, quantumEpochMs }) => ({
    rateHz,
    quantumFrames,
    samples: new Float32Array(fromBase64(samples)),
    quantumEpochMs: new Float64Array(fromBase64(quantumEpochMs)),
  }));
}

/** The latest context's recording. @throws Error when nothing was connected to a speaker. */
export async function readLatestSpeaker(page: Page): Promise<SpeakerRecording> {
  const latest = (await readSpeaker(page)).at(-1);
  if (latest === undefined) throw new Error('The page has not connected anything to the speaker.');
  return latest;
}

/**
 * Waits until this much audible sound was played since the page was opened.
 *
 * @throws Error when it was not within a minute.
 */
export async function untilAudible(page: Page, soundMs: number): Promise<void> {
  const heardMs = await page.evaluate(async (ms) => {
    const untilMs = performance.now() + 60_000;
    for (;;) {
      const audibleMs = await window.speakerRecorder.audibleMs();
      if (audibleMs >= ms || performance.now() > untilMs) return audibleMs;
      await new Promise((next) => setTimeout(next, 10));
    }
  }, soundMs);
  if (heardMs < soundMs) throw new Error(`${heardMs} ms of sound were heard, not ${soundMs}.`);
}

/** When the sample was rendered, `Date.now()`; exact to the burst the browser renders in (about 10 ms). */
export function renderedAtEpochMs(recording: SpeakerRecording, frame: number): number {
  const quantum = Math.floor(frame / recording.quantumFrames);
  const stamp = recording.quantumEpochMs[quantum];
  if (stamp === undefined) throw new Error(`Frame ${frame} is beyond the recording.`);
  return stamp;
}

/** The first frame rendered at or after a time; the recording's length when there is none. */
export function frameAtEpochMs(recording: SpeakerRecording, epochMs: number): number {
  const quantum = recording.quantumEpochMs.findIndex((stamp) => stamp >= epochMs);
  return quantum < 0 ? recording.samples.length : quantum * recording.quantumFrames;
}

function fromBase64(text: string): ArrayBuffer {
  const bytes = Uint8Array.from(Buffer.from(text, 'base64'));
  return bytes.buffer;
}
