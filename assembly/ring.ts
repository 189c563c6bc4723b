/**
 * The playback ring: up to 60 s of decoded samples as int16, addressed by absolute position (frames since the format
 * was set). It also has the peak of every 5 ms block, so that silence is found without reading samples again.
 */
import { decodeOne, int16ToFloat } from './codec';
import { RING, RING_BLOCKS_PER_SECOND, RING_PEAKS, RING_SECONDS } from './layout';

/** A sample above this (−55 dBFS) is audible. */
export const AUDIBLE_PEAK: i32 = 58;

export let blockFrames: i32 = 120;
export let writtenFrames: i64 = 0;
let capacityFrames: i64 = 0;
/** First and last audible frame since `beginAudible`; −1 if there is none. */
export let firstAudible: i64 = -1;
export let lastAudible: i64 = -1;

export function resetRing(rateHz: i32): void {
  blockFrames = rateHz / RING_BLOCKS_PER_SECOND;
  capacityFrames = <i64>(RING_SECONDS * rateHz);
  writtenFrames = 0;
  beginAudible();
}

export function beginAudible(): void {
  firstAudible = -1;
  lastAudible = -1;
}

/** Frames that may be written while everything from `keepFrom` on is kept. */
export function ringSpace(keepFrom: i64): i32 {
  return <i32>(capacityFrames - (writtenFrames - keepFrom));
}

/** Decodes `count` samples into the ring. The caller has checked the space. */
export function writeRing(encoding: i32, from: usize, count: i32, sampleBytes: i32): void {
  while (count > 0) {
    const index = <i32>(writtenFrames % capacityFrames);
    const inBlock = index % blockFrames;
    // the capacity is a whole number of blocks, so a run within a block never wraps
    const run = min(count, blockFrames - inBlock);
    const peakAt = RING_PEAKS + ((<usize>(index / blockFrames)) << 1);
    let peak = inBlock == 0 ? 0 : <i32>load<u16>(peakAt);
    let to = RING + ((<usize>index) << 1);
    for (let i = 0; i < run; i++) {
      const sample = decodeOne(encoding, from);
      const magnitude = abs(<i32>sample);
      if (magnitude > AUDIBLE_PEAK) {
        lastAudible = writtenFrames + <i64>i;
        if (firstAudible < 0) firstAudible = lastAudible;
      }
      peak = max(peak, magnitude);
      store<i16>(to, sample);
      to += 2;
      from += <usize>sampleBytes;
    }
    store<u16>(peakAt, <u16>peak);
    writtenFrames += <i64>run;
    count -= run;
  }
}

/** Copies `count` samples as floats. Writes up to 7 floats past the end. */
export function readRing(position: i64, count: i32, to: usize): void {
  while (count > 0) {
    const index = position % capacityFrames;
    const run = min(count, <i32>(capacityFrames - index));
    int16ToFloat(RING + ((<usize>index) << 1), run, to);
    to += (<usize>run) << 2;
    position += <i64>run;
    count -= run;
  }
}

export function sampleAt(position: i64): i32 {
  return <i32>load<i16>(RING + ((<usize>(position % capacityFrames)) << 1));
}

/** Peak (0…32768) over the blocks of `from` … `to` − 1, as far as they are written. */
export function peakBetween(from: i64, to: i64): i32 {
  const blocks = capacityFrames / <i64>blockFrames;
  let peak = 0;
  const last = (min(to, writtenFrames) - 1) / <i64>blockFrames;
  for (let block = max(from, 0) / <i64>blockFrames; block <= last; block++) {
    peak = max(peak, <i32>load<u16>(RING_PEAKS + ((<usize>(block % blocks)) << 1)));
  }
  return peak;
}
