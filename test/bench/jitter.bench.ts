import { engineBytes } from '../../src/engine/call-engine.js';
import { compileEngine } from '../../src/engine/compile-engine.js';
import { gapsAtConstantDelay, gapsInHindsight, unforeseeableGaps } from './jitter/ideal.js';
import { NETWORKS, makeTrace, type Network } from './jitter/networks.js';
import { playThroughEngine, playThroughQueue, type Playout } from './jitter/playout.js';
import { makeCall } from './jitter/speech.js';
import { markdownTable, type Section } from './section.js';

const SEEDS = Array.from({ length: 12 }, (_, i) => i + 1);
const CALL_MS = 90_000;
/** The initial target of the jitter buffer. */
const FIRST_TARGET_MS = 40;

function sum<T>(items: readonly T[], read: (item: T) => number): number {
  return items.reduce((total, item) => total + read(item), 0);
}

function mean<T>(items: readonly T[], read: (item: T) => number): string {
  return (sum(items, read) / items.length).toFixed(0);
}

function summary(playouts: readonly Playout[]): string[] {
  return [
    String(sum(playouts, ({ gaps }) => gaps)),
    sum(playouts, ({ gapMs }) => gapMs).toFixed(0),
    mean(playouts, ({ meanDelayMs }) => meanDelayMs),
  ];
}

function measure(module: WebAssembly.Module, network: Network): string[] {
  const runs = SEEDS.map((seed) => {
    const call = makeCall(seed, CALL_MS);
    const trace = makeTrace(network, call, seed * 7919);
    const ours = playThroughEngine(module, call, trace);
    return {
      ours,
      unforeseeable: unforeseeableGaps(call, trace, FIRST_TARGET_MS),
      constant: gapsAtConstantDelay(call, trace, ours.meanDelayMs),
      hindsight: gapsInHindsight(call, trace, ours.meanDelayMs),
      none: playThroughQueue(call, trace, 0),
      fixed: playThroughQueue(call, trace, 200),
    };
  });
  const ours = runs.map((run) => run.ours);
  return [
    network.name,
    ...summary(ours),
    String(sum(runs, ({ unforeseeable }) => unforeseeable)),
    String(sum(ours, ({ laterGaps }) => laterGaps)),
    Math.max(...ours.map(({ maxDelayMs }) => maxDelayMs)).toFixed(0),
    mean(ours, ({ lateDelayMs }) => lateDelayMs),
    String(sum(runs, ({ constant }) => constant)),
    String(sum(runs, ({ hindsight }) => hindsight)),
    ...summary(runs.map(({ none }) => none)),
    ...summary(runs.map(({ fixed }) => fixed)),
  ];
}

export const jitterSection: Section = {
  name: 'jitter',
  async run() {
    const module = await compileEngine(engineBytes());
    const head = ['network', 'gaps', 'ms', 'mean', 'unforeseeable', 'gaps after 5 s'];
    const bounds = ['max', 'late', 'ideal', 'hindsight'];
    const peers = ['no buffer: gaps', 'ms', 'mean', '200 ms: gaps', 'ms', 'mean'];
    const networks = NETWORKS.map(({ name, description }) => `- *${name}*: ${description}.`).join('\n');
    const rows = NETWORKS.map((network) => measure(module, network));
    const markdown = `## Playback on a bad network

${SEEDS.length} seeded calls of ${CALL_MS / 1000} s a network, in messages of 10 ms, rendered by the real engine and judged by the samples that came out:
interruptions of speech (*gaps*), silence in them (*ms*), and the delay of a sample beyond the network's best case
(*mean* and *max* over all speech, *late* over the last quarter of each call).

- *unforeseeable*: calls whose very first late frame is in the middle of speech, which costs a gap in any buffer that begins
  with ${FIRST_TARGET_MS} ms and knows only arrivals.
- *gaps after 5 s*: those after the first 5 s of a call, in which the network is still unknown.
- *ideal*: the fewest gaps possible with a constant delay of the same mean in each call.
- *hindsight*: the bound for any buffer of the same mean delay, even one that knows the future and chooses a delay for
  every stretch of speech.
- *no buffer* and *200 ms*: a queue that starts each reply at once, or after 200 ms, and waits whenever it is empty.

${markdownTable([...head, ...bounds, ...peers], rows)}

${networks}`;
    return { markdown };
  },
};
