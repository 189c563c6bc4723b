import { findGaps, findStretches, largestStep, rms } from './sound-level.js';
import { fitTone } from './tone-fit.js';
import { slice } from './tones.js';
import type { Sound } from './wav.js';

const WINDOW_MS = 100;
/** Of the sound at the edges of a stretch, where it fades. */
const EDGE_MS = 10;
/** Two windows that differ by more have lost or repeated samples: half a sample of 440 Hz at 44.1 kHz. */
const PHASE_TOLERANCE = 0.03;
const MIN_GAP_MS = 2;

export interface ToneFaults {
  /** Where the sound paused for at least 2 ms, or samples were left out, repeated or inserted, ms into the recording. */
  readonly breaksMs: readonly number[];
  /** Where a steady tone is impure, ms into the recording. */
  readonly impureMs: readonly number[];
  /** Largest step between neighbouring samples over that of the tone. Its edges reach 1.2; a click has several times that. */
  readonly step: number;
}

/**
 * Judges a recording of one tone tenth by tenth of a second, because a sum over the whole could hide a short fault.
 *
 * A buffer that has almost run dry fades, and fades in again when audio arrives in the last moment. No sample is lost
 * then, so a change of level that does not click is no fault.
 */
export function findToneFaults(recording: Sound, frequencyHz: number, amplitude: number): ToneFaults {
  const breaksMs = findGaps(recording, { minGapMs: MIN_GAP_MS }).map(({ startMs }) => startMs);
  const impureMs: number[] = [];
  for (const { startMs, endMs } of findStretches(recording, { minGapMs: MIN_GAP_MS })) {
    let expected: number | undefined;
    for (let fromMs = startMs + EDGE_MS; fromMs + WINDOW_MS + EDGE_MS <= endMs; fromMs += WINDOW_MS) {
      const from = Math.round((fromMs / 1000) * recording.rateHz) / recording.rateHz;
      const window = slice(recording, from * 1000, from * 1000 + WINDOW_MS);
      if (!isSteady(window, frequencyHz, amplitude)) continue;
      const { snrDb, phase } = fitTone(window, frequencyHz);
      const start = phase - 2 * Math.PI * frequencyHz * from;
      const isBreak =
        expected !== undefined && Math.abs(Math.sin((start - expected) / 2)) > PHASE_TOLERANCE / 2;
      if (isBreak) breaksMs.push(fromMs);
      else if (snrDb < 40) impureMs.push(fromMs);
      // The window that contains the break has a phase of its own.
      expected = isBreak ? undefined : start;
    }
  }
  const ownStep = 2 * amplitude * Math.sin((Math.PI * frequencyHz) / recording.rateHz);
  return { breaksMs, impureMs, step: largestStep(recording.samples).size / ownStep };
}

/** Whether each two periods have the level of the tone. */
function isSteady(window: Sound, frequencyHz: number, amplitude: number): boolean {
  const periodsMs = 2000 / frequencyHz;
  for (let fromMs = 0; fromMs + periodsMs <= WINDOW_MS; fromMs += periodsMs) {
    const level = rms(slice(window, fromMs, fromMs + periodsMs).samples) * Math.SQRT2;
    if (Math.abs(level / amplitude - 1) > 0.05) return false;
  }
  return true;
}
