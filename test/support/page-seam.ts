/** What is heard where one page ends and the next one goes on with the same reply. */
import type { BrowserContext, Page } from '@playwright/test';
import type { RecordedPiece } from './speaker-recorder-page.js';

/** For `recordSpeaker`. */
export const SPEAKER_CHANNEL = 'speaker';

/** A render quantum of 128 frames at 48 kHz. */
const QUANTUM_MS = 128 / 48;
/** As many samples of a reply, at 24 kHz. */
const SENT_FRAMES = 64;
/** Of sound, to find its place in a reply by: two thirds of a second. */
const WINDOW_QUANTA = 250;
const AUDIBLE = 0.02;
/** Least correlation of levels that are the same speech; those of two places of it are below 0.8. */
const SAME = 0.9;

declare global {
  interface Window {
    /** Level of each render quantum, by page. */
    levels: Record<string, number[]>;
  }
}

export interface PageListener {
  /** Level of each render quantum that the pages played, in the order of the pages. */
  levels(): Promise<number[][]>;
}

/** A page of the same origin that stays, and hears what the others play. @param url of an empty page */
export async function listenToPages(context: BrowserContext, url: string): Promise<PageListener> {
  const page = await context.newPage();
  await page.goto(url);
  await page.evaluate(collect, SPEAKER_CHANNEL);
  return { levels: () => readLevels(page) };
}

async function readLevels(page: Page): Promise<number[][]> {
  const byPage = await page.evaluate(() => window.levels);
  return Object.keys(byPage)
    .sort((a, b) => Number(a) - Number(b))
    .map((timeOrigin) => byPage[timeOrigin]!);
}

/** Runs in the page. */
function collect(channel: string): void {
  window.levels = {};
  new BroadcastChannel(channel).onmessage = ({ data }: MessageEvent<RecordedPiece>) => {
    const levels = (window.levels[String(data.timeOrigin)] ??= []);
    const frames = data.samples.length / data.epochMs.length;
    for (let at = 0; at < data.samples.length; at += frames)
      levels.push(Math.hypot(...data.samples.subarray(at, at + frames)));
  };
}

/**
 * @param before levels of the page that was left
 * @param sent the reply, at 24 kHz
 * @returns Milliseconds of the reply between the last sound of one page and the first of the next; below 0 that much was heard
 * twice. Undefined where the sound of a page is in no place of the reply.
 */
export function seamMs(
  before: readonly number[],
  after: readonly number[],
  sent: Float32Array,
): number | undefined {
  const whole = Array.from({ length: Math.floor(sent.length / SENT_FRAMES) }, (_, at) =>
    Math.hypot(...sent.subarray(at * SENT_FRAMES, (at + 1) * SENT_FRAMES)),
  );
  const first = after.findIndex((level) => level > AUDIBLE);
  const left = placeOf(before.slice(-WINDOW_QUANTA), whole);
  const next = placeOf(after.slice(first, first + WINDOW_QUANTA), whole);
  return left === undefined || next === undefined ? undefined : (next - left - WINDOW_QUANTA) * QUANTUM_MS;
}

/** Where a part is in the whole, if anywhere. */
function placeOf(part: readonly number[], whole: readonly number[]): number | undefined {
  let best: { readonly place?: number; readonly likeness: number } = { likeness: SAME };
  for (let place = 0; place + part.length <= whole.length; place++) {
    const likeness = correlation(part, whole.slice(place, place + part.length));
    if (likeness > best.likeness) best = { place, likeness };
  }
  return best.place;
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (const [at, value] of a.entries()) {
    const [x, y] = [value - meanA, b[at]! - meanB];
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return ab / Math.sqrt(aa * bb || 1);
}
