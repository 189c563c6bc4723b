/** Whether a reply was heard completely, on a machine of any speed. */
import { expect, type Page } from '@playwright/test';
import { readEvents, waitForEvents } from './agent-page.js';
import { readWholeSpeaker } from './device-call.js';
import { findGaps, soundMs, type Gap } from './sound-level.js';
import { readSpeaker, type SpeakerRecording } from './speaker-recorder.js';

/** The fades on either side of a pause. */
const FADES_MS = 10;
const ROUNDING_MS = 20;

export interface WholeReply {
  readonly recording: SpeakerRecording;
  readonly gaps: readonly Gap[];
  /** How many of the gaps the engine explains: nothing had arrived, because of the machine. */
  readonly underruns: number;
}

/** All of the page's only reply was heard, a tone without pauses, and nothing twice. Call it after `reply-end`. */
export async function expectWholeReply(page: Page, replyMs: number): Promise<WholeReply> {
  const recording = await readWholeSpeaker(page);
  const stats = await waitForEvents(page, 'stats', (await readEvents(page, 'stats')).length + 1);
  const gaps = findGaps(recording, { minGapMs: 5 });
  const contexts = (await readSpeaker(page)).map((one) => soundMs(one).toFixed(0)).join(' + ');
  const connections = (await readEvents(page, 'session-ready')).map(({ detail }) => detail.how).join(', ');
  expect(
    Math.abs(replyMs - soundMs(recording)),
    `heard ${contexts} ms; connections: ${connections}`,
  ).toBeLessThan(ROUNDING_MS + FADES_MS * gaps.length);
  return { recording, gaps, underruns: stats.at(-1)!.detail.underruns };
}
