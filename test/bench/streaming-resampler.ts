/** A common interface for all resamplers of the benchmarks: blocks of a stream in, samples out. */
import * as libsamplerateModule from '@alexanderolsen/libsamplerate-js';
import type { Engine } from '../../src/engine/create-engine.js';

// a CommonJS file whose names Node cannot detect, so they are under `default`
const { ConverterType, create } = (
  'default' in libsamplerateModule ? libsamplerateModule.default : libsamplerateModule
) as typeof libsamplerateModule;

export interface StreamingResampler {
  readonly name: string;
  /** Takes a block and returns the completed samples, which are valid until the next call. */
  process(block: Float32Array): Float32Array;
  close(): void;
}

export type ResamplerFactory = (inputRate: number, outputRate: number) => Promise<StreamingResampler>;

/** Largest block that the wrappers below take. */
const MAX_BLOCK_FRAMES = 4096;

export function ours(engine: Engine): ResamplerFactory {
  return (inputRate, outputRate) => {
    const resampler = engine.createResampler({ inputRate, outputRate });
    const process = (block: Float32Array) => resampler.process(block);
    return Promise.resolve({ name: 'engine.wasm', process, close: () => undefined });
  };
}

export function libsamplerate(quality: 'best' | 'medium' | 'linear'): ResamplerFactory {
  const converterTypes = {
    best: ConverterType.SRC_SINC_BEST_QUALITY,
    medium: ConverterType.SRC_SINC_MEDIUM_QUALITY,
    linear: ConverterType.SRC_LINEAR,
  };
  return async (inputRate, outputRate) => {
    const source = await create(1, inputRate, outputRate, { converterType: converterTypes[quality] });
    const output = new Float32Array(MAX_BLOCK_FRAMES * 24 + 64);
    const length = { frames: 0 };
    return {
      name: `libsamplerate ${quality}`,
      process: (block) => {
        source.full(block, output, length);
        return output.subarray(0, length.frames);
      },
      close: () => source.destroy(),
    };
  };
}

interface SpeexModule {
  readonly HEAPF32: Float32Array;
  readonly HEAP32: Int32Array;
  _malloc(bytes: number): number;
  _free(address: number): void;
  _speex_resampler_init(
    channels: number,
    inRate: number,
    outRate: number,
    quality: number,
    error: number,
  ): number;
  _speex_resampler_process_float(
    state: number,
    channel: number,
    input: number,
    inputLength: number,
    output: number,
    outputLength: number,
  ): number;
  _speex_resampler_destroy(state: number): void;
}

let speexModule: Promise<SpeexModule> | undefined;

async function loadSpeex(): Promise<SpeexModule> {
  // the package ships no types
  const path: string = '@echogarden/speex-resampler-wasm/simd';
  const { default: load } = (await import(path)) as { default: () => Promise<SpeexModule> };
  return load();
}

/** Speex in WebAssembly with SIMD. All instances share one heap, so each must be closed. */
export function speex(quality: number): ResamplerFactory {
  return async (inputRate, outputRate) => {
    const module = await (speexModule ??= loadSpeex());
    const lengths = module._malloc(16);
    const input = module._malloc(MAX_BLOCK_FRAMES * 4);
    const outputFrames = MAX_BLOCK_FRAMES * 24 + 64;
    const output = module._malloc(outputFrames * 4);
    const state = module._speex_resampler_init(1, inputRate, outputRate, quality, lengths + 8);
    if (state === 0 || module.HEAP32[(lengths + 8) >> 2] !== 0)
      throw new Error('Speex refuses this pair of rates');
    return {
      name: `Speex q${quality}`,
      process: (block) => {
        module.HEAPF32.set(block, input >> 2);
        module.HEAP32[lengths >> 2] = block.length;
        module.HEAP32[(lengths + 4) >> 2] = outputFrames;
        module._speex_resampler_process_float(state, 0, input, lengths, output, lengths + 4);
        if (module.HEAP32[lengths >> 2] !== block.length) throw new Error('Speex left input behind');
        const first = output >> 2;
        return module.HEAPF32.subarray(first, first + (module.HEAP32[(lengths + 4) >> 2] ?? 0));
      },
      close: () => {
        module._speex_resampler_destroy(state);
        for (const address of [lengths, input, output]) module._free(address);
      },
    };
  };
}
