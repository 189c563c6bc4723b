import { readFile } from 'node:fs/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { engineBytes } from '../../src/engine/call-engine.js';
import { compileEngine } from '../../src/engine/compile-engine.js';
import { createEngine } from '../../src/engine/create-engine.js';
import { engineBytesOf } from '../../src/engine/engine-text.js';
import { DuplexEngine } from '../../src/engine/duplex-engine.js';
import {
  INPUT_ADDRESS,
  OUTPUT_ADDRESS,
  STAGING_FRAMES,
  instantiateEngine,
  type EngineExports,
} from '../../src/engine/engine-exports.js';
import { wholeEngineText } from '../../src/generated/whole-engine.js';
import { engineModule } from './duplex-driver.js';

const PAGE_BYTES = 65_536;
/** Start of the memory map; the compiler's static data is below. */
const STATIC_END = 0x4000;

const wholeModule = await compileEngine(engineBytesOf(wholeEngineText));

it('the engine imports nothing and stays under 20 kB', () => {
  for (const module of [engineModule, wholeModule]) expect(WebAssembly.Module.imports(module)).toEqual([]);
  expect(engineBytes().length).toBeLessThan(20_000);
});

it('the memory map fits the fixed memory, and the static data fits below the map', async () => {
  const wasm = instantiateEngine(wholeModule) as EngineExports;
  const settings = JSON.parse(await readFile('asconfig.json', 'utf8')) as {
    options: { initialMemory: number; maximumMemory: number };
  };
  const bytes = wasm.memory.buffer.byteLength;
  expect(settings.options.initialMemory).toBe(settings.options.maximumMemory);
  expect(bytes).toBe(settings.options.maximumMemory * PAGE_BYTES);
  // a split sample is assembled in the bytes just below the map
  expect(wasm.staticEnd()).toBeLessThanOrEqual(STATIC_END - 16);
  expect(wasm.memoryEnd()).toBeLessThanOrEqual(bytes);
  expect(bytes - wasm.memoryEnd()).toBeLessThan(PAGE_BYTES);
  expect(instantiateEngine(engineModule).memory.buffer.byteLength).toBe(bytes);
  expect(() => wasm.memory.grow(1)).toThrow(RangeError);
});

it('both sides use the same addresses for samples and bytes', () => {
  const wasm = instantiateEngine(wholeModule) as EngineExports;
  expect([wasm.inputAddress(), wasm.outputAddress(), wasm.stagingFrames()]).toEqual([
    INPUT_ADDRESS,
    OUTPUT_ADDRESS,
    STAGING_FRAMES,
  ]);
});

it('every resampler slot is inside the memory', () => {
  const wasm = instantiateEngine(wholeModule) as EngineExports;
  expect(wasm.slotCount()).toBeGreaterThan(10);
  expect(wasm.slotAddress(wasm.slotCount() - 1) + wasm.slotBytes()).toBeLessThanOrEqual(wasm.memoryEnd());
});

it('refuses modules that are not engines, and rates that it cannot convert', async () => {
  const empty = new WebAssembly.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
  await expect(createEngine(empty)).rejects.toMatchObject({ code: 'engine_failed' });
  expect(() => new DuplexEngine(empty, { deviceRateHz: 48_000 })).toThrow(TypeError);
  expect(() => new DuplexEngine(engineModule, { deviceRateHz: 4_000 })).toThrow(RangeError);
});

/** Half of the growth that one object of 16 bytes per quantum would cause. */
const LEAST_ALLOCATION_BYTES = 40_000;

it('capture and render allocate nothing: thousands of calls do not grow the heap', () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const engine = new DuplexEngine(engineModule, { deviceRateHz: 44_100 });
  engine.setFormat('audio/pcm', 'audio/pcm');
  const microphone = new Float32Array(128).fill(0.1);
  const speaker = new Float32Array(128);
  const packet = new Uint8Array(engine.packetBytes);
  engine.write(new Uint8Array(2_000_000).fill(1), 0);
  let now = 0;
  const work = (quanta: number) => {
    for (let i = 0; i < quanta; i++, now += 128) {
      if (engine.capture(microphone)) engine.takePacket(packet);
      engine.render(speaker, now);
    }
  };
  // first, let the compiler optimize and the heap settle
  work(5000);
  // Node itself sometimes allocates, and numbers are boxed until the code is optimized. Allocations of the engine would
  // appear in every round.
  let grown = Infinity;
  for (let round = 0; round < 60 && grown >= LEAST_ALLOCATION_BYTES; round++) {
    collectGarbage();
    const before = process.memoryUsage().heapUsed;
    work(5000);
    grown = process.memoryUsage().heapUsed - before;
  }
  expect(grown).toBeLessThan(LEAST_ALLOCATION_BYTES);
});
