/** Loads the worklet and its engine into a context. */
import { VoiceAgentError } from '../errors.js';
import { engineBytes } from '../engine/call-engine.js';
import { compileEngine } from '../engine/compile-engine.js';
import { voiceProcessorSource } from '../generated/voice-processor-source.js';
import { checkVersion } from '../release.js';
import type { VoiceProcessorOptions } from '../worklet/messages.js';
import { PROCESSOR_NAME } from '../worklet/processor-name.js';
import { fetchAsset, loadAsset, type AssetWay } from './assets.js';

const PROCESSOR_FILE = 'voice-processor.js';

let compiled: Promise<WebAssembly.Module> | undefined;
let way: AssetWay | undefined;

/** How the latest call's worklet was loaded. */
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

/** Compiles the engine, and in the strict build fetches the worklet. A context may not be created before a gesture. */
export function prepareSound(assetBase?: string): void {
  loadEngine(assetBase).catch(() => undefined);
  if (voiceProcessorSource === '') fetchAsset(PROCESSOR_FILE, assetBase).catch(() => undefined);
}

/** The strict build does not contain the bytes. */
async function compileFrom(
  embedded: Uint8Array<ArrayBuffer>,
  assetBase: string | undefined,
): Promise<WebAssembly.Module> {
  if (embedded.length > 0) return compileEngine(embedded);
  let bytes: ArrayBuffer;
  try {
    // Not streamed, because many servers do not know the type of .wasm files.
    bytes = await (await fetchAsset('engine.wasm', assetBase)).arrayBuffer();
  } catch (error) {
    throw VoiceAgentError.fatal('engine_failed/load', { cause: error });
  }
  return compileEngine(bytes);
}

/**
 * Creates the node of a call, from whichever URL the page's policy allows.
 * @throws {VoiceAgentError} `audio_failed`, `version_mismatch`
 */
export async function createVoiceNode(
  context: AudioContext,
  engine: WebAssembly.Module,
  assetBase?: string,
): Promise<AudioWorkletNode> {
  try {
    const loaded = await loadAsset(PROCESSOR_FILE, voiceProcessorSource, '', assetBase, async (url) => {
      await context.audioWorklet.addModule(url);
      return makeNode(context, { engine });
    });
    way = loaded.way;
    return loaded.result;
  } catch (error) {
    if (error instanceof VoiceAgentError) throw error;
    throw VoiceAgentError.fatal('audio_failed/policy', { cause: error });
  }
}

function makeNode(context: AudioContext, processorOptions: VoiceProcessorOptions): AudioWorkletNode {
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
    // No processor with that name was registered.
    if ((error as DOMException).name === 'InvalidStateError' && context.state !== 'closed')
      checkVersion(PROCESSOR_FILE);
    throw VoiceAgentError.fatal('audio_failed/worklet', { cause: error });
  }
}
