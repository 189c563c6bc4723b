/** Runs the engine's speech detector over a recording, to show what it measured and decided in every hop. */
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { projectRoot } from '../../scripts/project-root.mjs';
import { runCommand } from '../../scripts/run-command.mjs';
import { createEngine } from '../../src/engine/create-engine.js';

interface DetectorExports {
  readonly memory: WebAssembly.Memory;
  readonly BANDS: WebAssembly.Global<'i32'>;
  configureSpeech(microphoneRateHz: number, speakerRateHz: number): void;
  hearMicrophone(address: number, count: number, muted: boolean): void;
  hearSpeaker(address: number, count: number, gain: number): void;
  isSpeaking(): number;
  levelOf(band: number): number;
  limitOf(band: number): number;
  inputAddress(): number;
}

/** Sum of all bands, dBFS, after the detector's emphasis of high frequencies. */
export interface Hop {
  /** Of the microphone. */
  readonly levelDb: number;
  /** What the microphone may hold without a voice. */
  readonly limitDb: number;
  readonly speaking: boolean;
}

export const HOP_MS = 10;
/** The rate of PCM, at which the detector hears both sides. */
const RATE_HZ = 24_000;
/** The gain of a ducked reply. The detector knows the reply without it, the recording has it. */
const DUCKED_GAIN = 0.1778;

async function compileDetector(): Promise<DetectorExports> {
  const compiler = createRequire(import.meta.url).resolve('assemblyscript/package.json');
  await mkdir(join(projectRoot, 'build', 'detector'), { recursive: true });
  const parameters = [join(dirname(compiler), 'bin/asc.js'), 'assembly/detector.ts', '--target', 'detector'];
  if (await runCommand(process.execPath, parameters)) throw new Error('The detector does not compile.');
  const wasm = await readFile(join(projectRoot, 'build', 'detector', 'engine.wasm'));
  const { instance } = await WebAssembly.instantiate(wasm);
  return instance.exports as unknown as DetectorExports;
}

/** @param microphone and what the worklet played meanwhile, @param speaker */
export async function traceDetector(
  microphone: Float32Array,
  speaker: Float32Array,
  rateHz: number,
): Promise<readonly Hop[]> {
  const engine = await createEngine();
  const resample = (samples: Float32Array) =>
    engine.createResampler({ inputRate: rateHz, outputRate: RATE_HZ }).process(samples);
  const [heard, played] = [resample(microphone), resample(speaker)];
  const detector = await compileDetector();
  const { configureSpeech, hearMicrophone, hearSpeaker, isSpeaking, levelOf, limitOf } = detector;
  const input = detector.inputAddress();
  const samples = new Float32Array(detector.memory.buffer, input);
  const bands = Array.from({ length: detector.BANDS.value }, (_, band) => band);
  const sumDb = (of: (band: number) => number) =>
    10 * Math.log10(bands.reduce((sum, band) => sum + 10 ** (of(band) / 10), 0));
  configureSpeech(RATE_HZ, RATE_HZ);
  const hops: Hop[] = [];
  const count = (HOP_MS * RATE_HZ) / 1_000;
  for (let first = 0; first + count <= heard.length; first += count) {
    const reply = played.subarray(first, first + count);
    samples.set(reply);
    // Outside replies, the worklet passes nothing on.
    if (reply.some((x) => x !== 0)) hearSpeaker(input, count, isSpeaking() ? 1 / DUCKED_GAIN : 1);
    samples.set(heard.subarray(first, first + count));
    hearMicrophone(input, count, false);
    hops.push({ levelDb: sumDb(levelOf), limitDb: sumDb(limitOf), speaking: isSpeaking() !== 0 });
  }
  return hops;
}
