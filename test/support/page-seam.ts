/** Measures what is heard of a reply that begins on one page and continues on the next. */
import type { BrowserContext, Page } from '@playwright/test';
import type { RecordedPiece } from './speaker-recorder-page.js';
import type { Sound } from './wav.js';

/** For `recordSpeaker`. */
export const SPEAKER_CHANNEL = 'speaker';

const QUANTUM_FRAMES = 128;

/** Length of the part by which a position in the reply is found: about 0.3 s. */
const WINDOW_QUANTA = 100;
/** The next page may fade in and shorten a pause, so later parts of it are tried, too. */
const NEXT_WINDOWS = Array.from({ length: 9 }, (_, at) => at * 25);
/** Range of the search. In a larger range, similar words would be confused. */
const MOST_QUANTA = { twice: 60, lost: 300 };
const AUDIBLE = 0.02;
/** Minimum correlation of the levels of the same speech. Different parts of it may reach 0.9. */
const SAME = 0.95;

/** Level of each render quantum that a page played. */
export interface PageLevels {
  readonly rateHz: number;
  readonly levels: readonly number[];
}

declare global {
  interface Window {
    /** By `performance.timeOrigin` of the page. */
    pageLevels: Record<string, { rateHz: number; levels: number[] }>;
  }
}

export interface PageListener {
  /** In the order of the pages. */
  levels(): Promise<PageLevels[]>;
}

/** Opens a page of the same origin that stays open and records what the others play. @param url of an empty page */
export async function listenToPages(context: BrowserContext, url: string): Promise<PageListener> {
  const page = await context.newPage();
  await page.goto(url);
  await page.evaluate(collect, SPEAKER_CHANNEL);
  return { levels: () => readLevels(page) };
}

async function readLevels(page: Page): Promise<PageLevels[]> {
  const byPage = await page.evaluate(() => window.pageLevels);
  return Object.keys(byPage)
    .sort((a, b) => Number(a) - Number(b))
    .map((timeOrigin) => byPage[timeOrigin]!);
}

/** Runs in the page. */
function collect(channel: string): void {
  window.pageLevels = {};
  new BroadcastChannel(channel).onmessage = ({ data }: MessageEvent<RecordedPiece>) => {
    const { timeOrigin, rateHz, samples, epochMs } = data;
    const { levels } = (window.pageLevels[String(timeOrigin)] ??= { rateHz, levels: [] });
    const frames = samples.length / epochMs.length;
    for (let at = 0; at < samples.length; at += frames)
      levels.push(Math.hypot(...samples.subarray(at, at + frames)));
  };
}

/**
 * @param before played by the first page
 * @param after played by the next page
 * @param sent the reply
 * @returns Milliseconds of the reply between the last sound of the first page and the first of the next. If negative, that much
 * was heard twice. Undefined if the sound of a page was not found in the reply.
 */
export function seamMs(before: PageLevels, after: PageLevels, sent: Sound): number | undefined {
  const { rateHz } = after;
  const whole = smooth(sentLevels(sent, rateHz));
  const heard = smooth(after.levels);
  const left = placeOf(smooth(before.levels).slice(-WINDOW_QUANTA), whole);
  if (left === undefined) return undefined;
  const end = left + WINDOW_QUANTA;
  const first = after.levels.findIndex((level) => level > AUDIBLE);
  for (const later of NEXT_WINDOWS) {
    const part = heard.slice(first + later, first + later + WINDOW_QUANTA);
    const from = Math.max(0, end + later - MOST_QUANTA.twice);
    const place = placeOf(part, whole.slice(from, end + later + MOST_QUANTA.lost + WINDOW_QUANTA));
    if (place !== undefined) return ((from + place - later - end) * QUANTUM_FRAMES * 1_000) / rateHz;
  }
  return undefined;
}

/** The level of each render quantum of the speaker. */
function sentLevels({ rateHz, samples }: Sound, speakerRateHz: number): number[] {
  const frames = (QUANTUM_FRAMES / speakerRateHz) * rateHz;
  return Array.from({ length: Math.floor(samples.length / frames) }, (_, at) =>
    Math.hypot(...samples.subarray(Math.floor(at * frames), Math.floor((at + 1) * frames))),
  );
}

/** The mean over 9 quanta, which removes the single pulses of the voice. */
function smooth(levels: readonly number[]): number[] {
  return levels.map((_, at) => {
    const near = levels.slice(Math.max(0, at - 4), at + 5);
    return near.reduce((sum, level) => sum + level, 0) / near.length;
  });
}

/** Position of a part in the whole; undefined if it is not found. */
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
