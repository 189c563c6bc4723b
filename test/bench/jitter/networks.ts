import { Random } from './random.js';
import { FRAME_MS, type Call } from './speech.js';

/** A network: by how much it delays the frame sent at `sentAtMs` beyond its best, in ms. */
type Delays = (random: Random) => (sentAtMs: number) => number;

export interface Network {
  readonly name: string;
  readonly description: string;
  readonly delays: Delays;
}

/** The minimum delay of every frame. */
export const BEST_MS = 40;

export const NETWORKS: readonly Network[] = [
  {
    name: 'clean',
    description: 'a wire: 1 ms of noise',
    delays: (random) => () => Math.abs(random.normal()),
  },
  {
    name: 'wifi',
    description: '4 % of the frames 40…100 ms late',
    delays: (random) => () =>
      random.happens(0.04) ? random.between(40, 100) : Math.abs(random.normal()) * 2,
  },
  {
    name: 'bursty',
    description: '3 % of the frames begin a stall of 80…200 ms',
    delays: (random) => () =>
      random.happens(0.03) ? random.between(80, 200) : Math.abs(random.normal()) * 2,
  },
  {
    name: 'one stall',
    description: 'clean, but for one stall of 400 ms in the middle of every 30 s',
    delays: (random) => {
      let nextMs = random.between(10_000, 20_000);
      return (sentAtMs) => {
        if (sentAtMs < nextMs) return Math.abs(random.normal());
        nextMs += 30_000;
        return 400;
      };
    },
  },
  {
    name: '3G',
    description: 'batches of 40 ms, delay wandering over 100 ms, a stall of 150…350 ms every 5 s or so',
    delays: (random) => {
      let wander = 50;
      return (sentAtMs) => {
        wander = Math.min(100, Math.max(0, wander + random.normal() * 3));
        const batched = 40 - (sentAtMs % 40);
        return batched + wander + (random.happens(FRAME_MS / 5000) ? random.between(150, 350) : 0);
      };
    },
  },
  {
    name: 'background tab',
    description: 'the middle third delivered in clumps of 100…250 ms, the rest clean',
    delays: (random) => {
      let clumpEndMs = 0;
      return (sentAtMs) => {
        if (sentAtMs % 90_000 < 30_000 || sentAtMs % 90_000 > 60_000) return Math.abs(random.normal());
        while (clumpEndMs < sentAtMs) clumpEndMs = Math.max(clumpEndMs, sentAtMs) + random.between(100, 250);
        return clumpEndMs - sentAtMs;
      };
    },
  },
  {
    name: 'busy page',
    description: '200 ms of every second blocked, where sound passes through the page',
    delays: (random) => (sentAtMs) => {
      const phaseMs = sentAtMs % 1000;
      return Math.abs(random.normal()) + (phaseMs < 200 ? 200 - phaseMs : 0);
    },
  },
  {
    name: 'recovering',
    description: 'bursty for the first 30 s, clean from then on',
    delays: (random) => (sentAtMs) =>
      sentAtMs < 30_000 && random.happens(0.03) ? random.between(80, 200) : Math.abs(random.normal()),
  },
];

/** When each frame of a call was sent and when it arrived, ms since the call began. */
export interface Trace {
  readonly sentMs: Float64Array;
  readonly arrivedMs: Float64Array;
}

/** Sends a call through a network. Frames keep their order, as on a WebSocket. */
export function makeTrace(network: Network, call: Call, seed: number): Trace {
  const delayOf = network.delays(new Random(seed));
  const sentMs = new Float64Array(call.frameCount);
  const arrivedMs = new Float64Array(call.frameCount);
  let latest = 0;
  for (const reply of call.replies) {
    for (let frame = reply.firstFrame; frame < reply.endFrame; frame++) {
      const sent = reply.sentAtMs + (frame - reply.firstFrame) * FRAME_MS;
      latest = Math.max(latest, sent + BEST_MS + delayOf(sent));
      sentMs[frame] = sent;
      arrivedMs[frame] = latest;
    }
  }
  return { sentMs, arrivedMs };
}
