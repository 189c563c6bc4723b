/**
 * Learns the depth of the playback buffer from arrivals.
 *
 * A message's *relative arrival* is its arrival time minus the position of its first sample, both in ms. The minimum
 * over the last 20 s of the talkspurt is the network's best case; a message's lateness is its excess over that
 * minimum. Every 100 ms with arrivals contributes its largest lateness, so one stall is one event, however many
 * messages it delayed. The target follows the largest event of the last 20 s, or 1.5 times the second largest if that
 * is less, so a single outlier does not count. Time without arrivals does not age events.
 */

const BUCKET_MS: f64 = 5;
const BUCKETS: i32 = 81;
/** Lateness below 20 ms is normal for every network and for the browser's rendering in bursts. */
const NOISE_BUCKETS: i32 = 4;
const EPOCHS: i32 = 10;
const EVENTS_PER_EPOCH: i32 = 20;
const EVENT_MS: f64 = 100;
/** Below this number of events no outlier is ignored, because it may be typical. */
const FORGIVING_FROM_EVENTS: i32 = 100;
/** An event that exceeds all others by more than this factor is an outlier. */
const OUTLIER_RATIO: f64 = 1.5;
/** A message later than this was not delayed by the network: the server paused. */
const PAUSE_MS: f64 = 1000;
/** Depth must exceed lateness by the fade's lookahead of 5 ms and one render quantum. */
const MARGIN_MS: f64 = 8;
const MIN_TARGET_MS: f64 = 20;
const MAX_TARGET_MS: f64 = 400;
const FIRST_TARGET_MS: f64 = 40;
const NEVER: f64 = 1e300;

const counts = memory.data(81 * 10 * 2);
const totals = memory.data(81 * 2);
const epochBest = memory.data(10 * 8);

let epoch: i32 = 0;
let epochEvents: i32 = 0;
let eventCount: i32 = 0;
let event: f64 = -1;
let eventBucket: i32 = -1;
/** Minimum relative arrival; `NEVER` before the first message of a talkspurt. */
export let bestArrivalMs: f64 = NEVER;
export let targetMs: f64 = FIRST_TARGET_MS;

export function resetJitter(): void {
  memory.fill(counts, 0, BUCKETS * EPOCHS * 2);
  memory.fill(totals, 0, BUCKETS * 2);
  epoch = 0;
  epochEvents = 0;
  eventCount = 0;
  event = -1;
  eventBucket = -1;
  targetMs = FIRST_TARGET_MS;
  beginArrivals();
}

/** Starts a talkspurt: its positions are unrelated in time to earlier ones. What was learned is kept. */
export function beginArrivals(): void {
  for (let i: usize = 0; i < <usize>EPOCHS; i++) store<f64>(epochBest + (i << 3), NEVER);
  bestArrivalMs = NEVER;
}

/** Records a message that arrived at `nowMs` and whose first sample is at `positionMs`. */
export function noteArrival(nowMs: f64, positionMs: f64): void {
  const relative = nowMs - positionMs;
  if (relative - bestArrivalMs > PAUSE_MS) beginArrivals();
  beginEvent(Math.floor(nowMs / EVENT_MS));
  const bestAt = epochBest + ((<usize>epoch) << 3);
  store<f64>(bestAt, min(load<f64>(bestAt), relative));
  bestArrivalMs = NEVER;
  for (let i: usize = 0; i < <usize>EPOCHS; i++) {
    bestArrivalMs = min(bestArrivalMs, load<f64>(epochBest + (i << 3)));
  }
  const bucket = min(<i32>((relative - bestArrivalMs) / BUCKET_MS), BUCKETS - 1);
  if (bucket > eventBucket) {
    if (eventBucket >= 0) count(eventBucket, -1);
    count(bucket, 1);
    eventBucket = bucket;
    updateTarget();
  }
}

function beginEvent(index: f64): void {
  if (index == event) return;
  event = index;
  eventBucket = -1;
  if (++epochEvents > EVENTS_PER_EPOCH) {
    epochEvents = 1;
    epoch = (epoch + 1) % EPOCHS;
    for (let b = 0; b < BUCKETS; b++) count(b, -(<i32>load<u16>(countAt(b))));
    store<f64>(epochBest + ((<usize>epoch) << 3), NEVER);
  }
}

function countAt(bucket: i32): usize {
  return counts + ((<usize>(epoch * BUCKETS + bucket)) << 1);
}

function count(bucket: i32, change: i32): void {
  const at = countAt(bucket);
  store<u16>(at, <u16>(<i32>load<u16>(at) + change));
  const total = totals + ((<usize>bucket) << 1);
  store<u16>(total, <u16>(<i32>load<u16>(total) + change));
  eventCount += change;
}

/** The number of events whose lateness exceeds the noise. */
function lateEvents(): i32 {
  let sum = 0;
  for (let b = NOISE_BUCKETS; b < BUCKETS; b++) sum += <i32>load<u16>(totals + ((<usize>b) << 1));
  return sum;
}

function updateTarget(): void {
  const largest = bucketOfRank(0);
  const second = bucketOfRank(1);
  let learned = <f64>(largest + 1) * BUCKET_MS;
  if (eventCount >= FORGIVING_FROM_EVENTS)
    learned = min(learned, <f64>(second + 1) * BUCKET_MS * OUTLIER_RATIO);
  // the next event is likely to exceed the largest of m: (m + 1) / m estimates the maximum of a uniform distribution
  if (largest >= NOISE_BUCKETS) learned *= 1.0 + 1.0 / <f64>lateEvents();
  const least = eventCount < EVENTS_PER_EPOCH ? FIRST_TARGET_MS : MIN_TARGET_MS;
  targetMs = max(least, min(learned + MARGIN_MS, MAX_TARGET_MS));
}

/** Lateness of the event that exactly `rank` others exceed. */
function bucketOfRank(rank: i32): i32 {
  let later = 0;
  let bucket = BUCKETS;
  while (later <= rank && bucket > 0) {
    bucket--;
    later += <i32>load<u16>(totals + ((<usize>bucket) << 1));
  }
  return bucket;
}
