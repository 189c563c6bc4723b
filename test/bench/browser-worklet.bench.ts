import { engineBytes } from '../../src/engine/call-engine.js';
import { voiceProcessorSource } from '../../src/generated/voice-processor-source.js';
import { machineLoad, type Claim } from '../support/figures.js';
import { launchChromium } from '../support/launch-chromium.js';
import { servePage } from '../support/page-server.js';
import { median } from '../support/statistics.js';
import { BENCH_PROCESSOR, runRound, setUpBench } from './browser-worklet-page.js';
import { markdownTable, type Section } from './section.js';
import { loopUnsteadiness } from './timing.js';
import { ThreadHeap } from './thread-heap.js';

const RATE_HZ = 48_000;
const QUANTUM_US = (128 / RATE_HZ) * 1e6;
const PACKET_MS = 50;
const ROUNDS = 7;
/** 27 s of sound: within the ring. */
const QUANTA = 10_000;
const PLAYED_MS = 30_000;

interface Costs {
  /** µs of a quantum. */
  readonly captureUs: number;
  readonly bothUs: number;
  /** Bytes that a packet adds to the JavaScript heap, including all of its quanta. */
  readonly heapBytes: number;
  /** The bytes that remain after a collection, over all rounds. */
  readonly heapGrowthBytes: number;
  readonly quanta: number;
}

async function measureInChromium(rounds: number): Promise<Costs> {
  await using server = await servePage('<!doctype html><title>Bench</title>');
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    await page.goto(server.url);
    const heap = await ThreadHeap.watch(page);
    const setup = { processor: voiceProcessorSource, bench: BENCH_PROCESSOR, engine: [...engineBytes()] };
    // Compilers of TypeScript may insert calls of this helper around functions.
    await page.evaluate('globalThis.__name = (value) => value');
    await page.evaluate(setUpBench, { ...setup, rateHz: RATE_HZ });
    const round = (playedMs: number, silent = false, quanta = QUANTA) =>
      page.evaluate(runRound, { quanta, playedMs, silent });
    const allocatedBy = async (quanta: number) => {
      const from = await heap.usedBytes({ collected: true });
      await round(0, true, quanta);
      return (await heap.usedBytes({ collected: false })) - from;
    };
    // The optimizing compiler needs some rounds before process() is what it will be in a call.
    for (let i = 0; i < 3; i++) await round(PLAYED_MS);
    const capture: number[] = [];
    const both: number[] = [];
    const allocated: number[] = [];
    const before = await heap.usedBytes({ collected: true });
    for (let i = 0; i < rounds; i++) {
      capture.push(await round(0));
      both.push(await round(PLAYED_MS));
      // One quantum tells what the measurement itself leaves behind.
      allocated.push((await allocatedBy(QUANTA)) - (await allocatedBy(1)));
    }
    const after = await heap.usedBytes({ collected: true });
    const us = (times: readonly number[]) => (median(times) * 1_000) / QUANTA;
    return {
      captureUs: us(capture),
      bothUs: us(both),
      heapBytes: median(allocated) / ((QUANTA * QUANTUM_US) / (PACKET_MS * 1_000)),
      heapGrowthBytes: after - before,
      quanta: 3 * rounds * QUANTA,
    };
  } finally {
    await browser.close();
  }
}

export const WORKLET_CLAIM: Claim = {
  figure: 'audio-thread time of one direction of a call',
  bound: 'at most',
  limit: 1,
  unit: '%',
};

export const browserWorkletSection: Section = {
  name: 'browser-worklet',
  async run() {
    const costs = await measureInChromium(ROUNDS);
    const share = (us: number) => `${us.toFixed(2)} µs = ${((us / QUANTUM_US) * 100).toFixed(3)} %`;
    const common = { unit: '%', claim: WORKLET_CLAIM, control: loopUnsteadiness(), load: machineLoad() };
    const readings = [
      {
        what: 'microphone to packets in the worklet',
        value: (costs.captureUs / QUANTUM_US) * 100,
        ...common,
      },
      {
        what: 'bytes to loudspeaker in the worklet',
        value: ((costs.bothUs - costs.captureUs) / QUANTUM_US) * 100,
        ...common,
      },
    ];
    const rows = [
      ['microphone to packets, packets posted', share(costs.captureUs)],
      ['both directions, packets and reports posted', share(costs.bothUs)],
      ['bytes to loudspeaker (the difference)', share(costs.bothUs - costs.captureUs)],
    ];
    const markdown = `## Cost of a render quantum inside the AudioWorklet

\`process()\` of the real processor in a Chromium, device at ${RATE_HZ / 1000} kHz, PCM both ways: time for 128 frames and its part of the
${(QUANTUM_US / 1000).toFixed(2)} ms they last. Medians of ${ROUNDS} rounds of ${QUANTA} quanta.

${markdownTable(['direction', 'cost'], rows)}

JavaScript heap: ${costs.heapBytes.toFixed(1)} bytes for a packet of 50 ms (three boxed numbers), so for one quantum in 19, and nothing
for the others; posting left out. After ${costs.quanta} quanta and a collection the heap has grown by
${(costs.heapGrowthBytes / 1024).toFixed(1)} kB. WASM memory is fixed (see assembly/README.md).`;
    return { markdown, readings };
  },
};
