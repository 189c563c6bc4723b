import { engineBytes } from '../../src/engine/call-engine.js';
import { compileEngine } from '../../src/engine/compile-engine.js';
import { DuplexEngine } from '../../src/engine/duplex-engine.js';
import type { AudioEncoding } from '../../src/audio-encoding.js';
import { DEPTH_FRAMES } from '../../src/engine/engine-exports.js';
import { median } from '../support/statistics.js';
import { markdownTable, type Section } from './section.js';
import { elapsedMs, medianTimes } from './timing.js';

const ROUNDS = 15;
const QUANTA = 500;

/** µs of a quantum of each direction, and of setting the format. */
function measure(module: WebAssembly.Module, deviceRateHz: number, encoding: AudioEncoding): number[] {
  const engine = new DuplexEngine(module, { deviceRateHz });
  engine.setFormat(encoding, encoding);
  const quantum = Float32Array.from({ length: 128 }, (_, i) => Math.sin(i) * 0.5);
  const output = new Float32Array(128);
  const packet = new Uint8Array(engine.packetBytes);
  const minute = new Uint8Array(2_500_000).map((_, i) => (i * 7) & 0xff);
  let now = 0;
  const [capture = NaN, playback = NaN] = medianTimes(
    [
      () => {
        for (let i = 0; i < QUANTA; i++) if (engine.capture(quantum)) engine.takePacket(packet);
      },
      () => {
        if (engine.reading(DEPTH_FRAMES) < 100_000) engine.write(minute, now);
        for (let i = 0; i < QUANTA; i++, now += 128) engine.render(output, now);
      },
    ],
    ROUNDS,
  );
  const format = Array.from({ length: ROUNDS }, () => elapsedMs(() => engine.setFormat(encoding, encoding)));
  return [(capture / QUANTA) * 1000, (playback / QUANTA) * 1000, median(format) * 1000];
}

export const workletCostSection: Section = {
  name: 'worklet-cost',
  async run() {
    const module = await compileEngine(engineBytes());
    const rows: string[][] = [];
    for (const [deviceRateHz, encoding] of [
      [48_000, 'audio/pcm'],
      [48_000, 'audio/pcmu'],
      [44_100, 'audio/pcm'],
      [44_100, 'audio/pcma'],
      [192_000, 'audio/pcm'],
    ] as const) {
      const quantumUs = (128 / deviceRateHz) * 1e6;
      const [capture = NaN, playback = NaN, format = NaN] = measure(module, deviceRateHz, encoding);
      const cost = (us: number) => `${us.toFixed(2)} µs = ${((us / quantumUs) * 100).toFixed(3)} %`;
      rows.push([
        `${deviceRateHz / 1000} kHz, ${encoding}`,
        cost(capture),
        cost(playback),
        `${format.toFixed(0)} µs`,
      ]);
    }
    const markdown = `## Cost of a render quantum

One direction of a call through \`DuplexEngine\` in Node: time for 128 frames, and its part of the time they last; then the time
to set the format, which computes both filters. Medians of ${ROUNDS}.

${markdownTable(['device, encoding', 'microphone to packets', 'bytes to loudspeaker', 'setFormat'], rows)}`;
    return { markdown };
  },
};
