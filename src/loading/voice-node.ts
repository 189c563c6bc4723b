/** Brings the worklet and its engine into a context. */
import { VoiceAgentError } from '../errors.js';
import { engineBytes } from '../engine/call-engine.js';
import { compileEngine } from '../engine/compile-engine.js';
import { voiceProcessorSource } from '../generated/voice-processor-source.js';
import type { VoiceProcessorOptions } from '../worklet/messages.js';
import { fetchAsset, loadAsset, type AssetWay } from './assets.js';

/** Under which the processor registers itself; the worklet is a bundle of its own and cannot share the constant. */
const PROCESSOR_NAME = 'voice-agent';

let compiled: Promise<WebAssembly.Module> | undefined;
let way: AssetWay | undefined;

/** How the worklet of the latest call was loaded. */
export function workletWay(): AssetWay | undefined {
  return way;
}

/**
 * Compiled once for all calls of a page.
 * @throws {VoiceAgentError} `engine_failed`
 */
export async function loadEngine(assetBase?: string): Promise<WebAssembly.Module> {
  compiled ??= compileFrom(engineBytes(), assetBase);
  try {
    return await compiled;
  } catch (error) {
    compiled = undefined;
    throw error;
  }
}

/** The strict build has no bytes inside. */
async function compileFrom(
  embedded: Uint8Array<ArrayBuffer>,
  assetBase: string | undefined,
): Promise<WebAssembly.Module> {
  if (embedded.length > 0) return compileEngine(embedded);
  let bytes: ArrayBuffer;
  try {
    // Not streamed: many a server does not know the type of a .wasm file.
    bytes = await (await fetchAsset('engine.wasm', assetBase)).arrayBuffer();
  } catch (error) {
    throw VoiceAgentError.fatal('engine_failed/load', { cause: error });
  }
  return compileEngine(bytes);
}

/**
 * The one node of a call, from whichever address the page's policy allows.
 * @throws {VoiceAgentError} `audio_failed`
 */
export async function createVoiceNode(
  context: AudioContext,
  engine: WebAssembly.Module,
  assetBase?: string,
): Promise<AudioWorkletNode> {
  await addProcessor(context, assetBase);
  const processorOptions: VoiceProcessorOptions = { engine };
  try {
    return new AudioWorkletNode(context, PROCESSOR_NAME, {
      numberOfInputs: 1,
      numberOfOutputs: 1,
      outputChannelCount: [1],
      // The browser mixes a stereo microphone down to the one channel that is sent.
      channelCount: 1,
      channelCountMode: 'explicit',
      channelInterpretation: 'speakers',
      processorOptions,
    });
  } catch (error) {
    throw VoiceAgentError.fatal('audio_failed/worklet', { cause: error });
  }
}

async function addProcessor(context: AudioContext, assetBase: string | undefined): Promise<void> {
  try {
    ({ way } = await loadAsset('voice-processor.js', voiceProcessorSource, '', assetBase, (url) =>
      context.audioWorklet.addModule(url),
    ));
  } catch (error) {
    throw VoiceAgentError.fatal('audio_failed/policy', { cause: error });
  }
}
