import { DuplexEngine } from '../../../src/engine/duplex-engine.js';
import { BEST_MS, type Trace } from './networks.js';
import { FRAME_MS, FRAME_SAMPLES, RATE_HZ, callSamples, type Call } from './speech.js';
import {
  CONCEALED_FRAMES,
  CONSUMED_FRAMES,
  DROPPED_SILENCE_FRAMES,
  INSERTED_SILENCE_FRAMES,
  TARGET_FRAMES,
  UNDERRUNS,
} from '../../../src/engine/engine-exports.js';

/** The result for a listener. */
export interface Playout {
  /** Interruptions of speech. */
  readonly gaps: number;
  /** Those after the first 5 s of the call, in which a buffer learns the network. */
  readonly laterGaps: number;
  /** Silence heard in them. */
  readonly gapMs: number;
  /** Mean delay beyond the network's best case, over all speech. */
  readonly meanDelayMs: number;
  readonly maxDelayMs: number;
  /** Mean over the last quarter of the call. */
  readonly lateDelayMs: number;
}

/** The engine's own counters, to be compared with the result. */
export interface EngineReport {
  readonly underruns: number;
  readonly concealedMs: number;
  readonly droppedSilenceMs: number;
  readonly insertedSilenceMs: number;
  readonly targetMs: number;
}

const LEARNING_MS = 5000;
const DEVICE_RATE_HZ = 48_000;
const QUANTUM_FRAMES = 128;
const SILENT = 0.002;
/** Shorter silent runs are zero crossings or fades. */
const MIN_GAP_MS = 5;
/** Speech this close to its end is left out: silence that follows it is a pause. One quantum and the filter's delay. */
const EDGE_FRAMES = 96;

/** Delays of the audible speech, weighted by time. */
class DelayMeter {
  #sum = 0;
  #count = 0;
  #max = 0;
  #lateSum = 0;
  #lateCount = 0;
  readonly #lateFromMs: number;

  constructor(lateFromMs: number) {
    this.#lateFromMs = lateFromMs;
  }

  add(delayMs: number, atMs: number): void {
    this.#sum += delayMs;
    this.#count++;
    this.#max = Math.max(this.#max, delayMs);
    if (atMs < this.#lateFromMs) return;
    this.#lateSum += delayMs;
    this.#lateCount++;
  }

  read(): Pick<Playout, 'meanDelayMs' | 'maxDelayMs' | 'lateDelayMs'> {
    return {
      meanDelayMs: this.#sum / this.#count,
      maxDelayMs: this.#max,
      lateDelayMs: this.#lateSum / this.#lateCount,
    };
  }
}

function speechFrames(call: Call): Uint8Array {
  const isSpeech = new Uint8Array(call.frameCount);
  for (const { first, end } of call.stretches) isSpeech.fill(1, first, end);
  return isSpeech;
}

function lateFromMs(trace: Trace): number {
  return (trace.sentMs.at(-1) ?? 0) * 0.75;
}

/** Plays a trace through the real engine and judges its output. */
export function playThroughEngine(
  module: WebAssembly.Module,
  call: Call,
  trace: Trace,
): Playout & EngineReport {
  const engine = new DuplexEngine(module, { deviceRateHz: DEVICE_RATE_HZ });
  engine.setFormat('audio/pcm', 'audio/pcm');
  const bytes = new Uint8Array(callSamples(call).buffer);
  const isSpeech = speechFrames(call);
  const ends = new Set(call.replies.map((reply) => reply.endFrame));
  const delays = new DelayMeter(lateFromMs(trace));
  const quantum = new Float32Array(QUANTUM_FRAMES);
  const endFrame = ((trace.arrivedMs.at(-1) ?? 0) / 1000 + 2) * DEVICE_RATE_HZ;
  const listener = new GapListener();
  let next = 0;
  for (let now = 0; now < endFrame; now += QUANTUM_FRAMES) {
    const nowMs = (now / DEVICE_RATE_HZ) * 1000;
    while (next < call.frameCount && trace.arrivedMs[next]! <= nowMs) {
      engine.write(bytes.subarray(next * FRAME_SAMPLES * 2, (next + 1) * FRAME_SAMPLES * 2), now);
      next++;
      if (ends.has(next)) engine.endTalkspurt();
    }
    const before = engine.reading(CONSUMED_FRAMES);
    engine.render(quantum, now);
    const frame = Math.floor(before / FRAME_SAMPLES);
    const inSpeech =
      isSpeech[frame] === 1 && isSpeech[Math.floor((before + EDGE_FRAMES) / FRAME_SAMPLES)] === 1;
    if (inSpeech && engine.reading(CONSUMED_FRAMES) > before) {
      const deliverableMs = trace.sentMs[frame]! + BEST_MS + ((before % FRAME_SAMPLES) / RATE_HZ) * 1000;
      delays.add(nowMs - deliverableMs, nowMs);
    }
    listener.hear(quantum, inSpeech, nowMs);
  }
  const toMs = 1000 / RATE_HZ;
  return {
    ...delays.read(),
    gaps: listener.gaps,
    laterGaps: listener.laterGaps,
    gapMs: listener.gapMs,
    underruns: engine.reading(UNDERRUNS),
    concealedMs: engine.reading(CONCEALED_FRAMES) * toMs,
    droppedSilenceMs: engine.reading(DROPPED_SILENCE_FRAMES) * toMs,
    insertedSilenceMs: engine.reading(INSERTED_SILENCE_FRAMES) * toMs,
    targetMs: engine.reading(TARGET_FRAMES) * toMs,
  };
}

/** Counts silent runs of output that began where the source was in the middle of speech. */
class GapListener {
  gaps = 0;
  laterGaps = 0;
  gapMs = 0;
  #silentFrames = 0;
  #beganInSpeech = false;

  hear(samples: Float32Array, inSpeech: boolean, nowMs: number): void {
    for (const sample of samples) {
      if (Math.abs(sample) <= SILENT) {
        if (this.#silentFrames++ === 0) this.#beganInSpeech = inSpeech;
        continue;
      }
      const runMs = (this.#silentFrames / DEVICE_RATE_HZ) * 1000;
      if (runMs >= MIN_GAP_MS && this.#beganInSpeech) {
        this.gaps++;
        if (nowMs > LEARNING_MS) this.laterGaps++;
        this.gapMs += runMs;
      }
      this.#silentFrames = 0;
    }
  }
}

/**
 * A plain queue: each reply starts `prebufferMs` after its first frame and waits whenever it is empty, so that every
 * wait stays as delay until the reply ends.
 */
export function playThroughQueue(call: Call, trace: Trace, prebufferMs: number): Playout {
  const isSpeech = speechFrames(call);
  const delays = new DelayMeter(lateFromMs(trace));
  let gaps = 0;
  let laterGaps = 0;
  let gapMs = 0;
  for (const reply of call.replies) {
    let playMs = trace.arrivedMs[reply.firstFrame]! + prebufferMs;
    for (let frame = reply.firstFrame; frame < reply.endFrame; frame++) {
      const waitMs = trace.arrivedMs[frame]! - playMs;
      if (waitMs > 0) {
        if (isSpeech[frame] && isSpeech[frame - 1] && waitMs >= MIN_GAP_MS) {
          gaps++;
          if (playMs > LEARNING_MS) laterGaps++;
          gapMs += waitMs;
        }
        playMs += waitMs;
      }
      if (isSpeech[frame]) delays.add(playMs - trace.sentMs[frame]! - BEST_MS, playMs);
      playMs += FRAME_MS;
    }
  }
  return { ...delays.read(), gaps, laterGaps, gapMs };
}
