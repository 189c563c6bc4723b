import { Random } from './random.js';

/** Sent in messages of 10 ms, as the service sends PCM. */
export const FRAME_MS = 10;
export const RATE_HZ = 24_000;
export const FRAME_SAMPLES = (RATE_HZ * FRAME_MS) / 1000;

/** An uninterrupted stretch of speech, in frames of the whole call: from `first` up to, not including, `end`. */
export interface Stretch {
  readonly first: number;
  readonly end: number;
}

/** One reply of the agent: its frames, and the time at which the first of them is sent. */
export interface Reply {
  readonly firstFrame: number;
  readonly endFrame: number;
  readonly sentAtMs: number;
}

export interface Call {
  readonly replies: readonly Reply[];
  readonly stretches: readonly Stretch[];
  readonly frameCount: number;
}

/** Replies of 4…8 s with 0.2…1.2 s of silence before the first word, words of 0.2…1.5 s and pauses of 40…400 ms. */
export function makeCall(seed: number, lengthMs: number): Call {
  const random = new Random(seed);
  const replies: Reply[] = [];
  const stretches: Stretch[] = [];
  let frame = 0;
  let sentAtMs = 500;
  while (sentAtMs < lengthMs) {
    const firstFrame = frame;
    const until = frame + random.between(4000, 8000) / FRAME_MS;
    frame += Math.round(random.between(200, 1200) / FRAME_MS);
    while (frame < until) {
      const end = frame + Math.round(random.between(200, 1500) / FRAME_MS);
      stretches.push({ first: frame, end });
      frame = end + Math.round(random.between(40, 400) / FRAME_MS);
    }
    replies.push({ firstFrame, endFrame: frame, sentAtMs });
    sentAtMs += (frame - firstFrame) * FRAME_MS + random.between(1000, 3000);
  }
  return { replies, stretches, frameCount: frame };
}

/** The call as samples: a tone of half scale where there is speech. */
export function callSamples(call: Call): Int16Array {
  const samples = new Int16Array(call.frameCount * FRAME_SAMPLES);
  for (const { first, end } of call.stretches) {
    for (let i = first * FRAME_SAMPLES; i < end * FRAME_SAMPLES; i++) {
      samples[i] = Math.round(16_384 * Math.sin((2 * Math.PI * 440 * i) / RATE_HZ));
    }
  }
  return samples;
}
