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
function loadEngine(assetBase?: string): Promise<WebAssembly.Module> {
  return (compiled ??= compileFrom(assetBase).catch((error: unknown) => {
    compiled = undefined;
    throw error;
  }));
}

/** Compiles the engine, and in the strict build fetches the worklet. A context may not be created before a gesture. */
export function prepareSound(assetBase?: string): void {
  loadEngine(assetBase).catch(() => undefined);
  if (voiceProcessorSource === '') fetchAsset(PROCESSOR_FILE, assetBase).catch(() => undefined);
}

async function compileFrom(assetBase: string | undefined): Promise<WebAssembly.Module> {
  let bytes: BufferSource = engineBytes();
  try {
    // The strict build does not contain the bytes. Not streamed: many servers do not know the type of .wasm files.
    if (bytes.byteLength === 0) bytes = await (await fetchAsset('engine.wasm', assetBase)).arrayBuffer();
  } catch (error) {
    throw VoiceAgentError.fatal('engine_failed/load', { cause: error });
  }
  return compileEngine(bytes);
}

/**
 * Creates the node of a call, from whichever URL the page's policy allows.
 * @returns undefined if `signal` was aborted before that
 * @throws {VoiceAgentError} `audio_failed`, `engine_failed`, `version_mismatch`
 */
export async function createVoiceNode(
  context: AudioContext,
  signal: AbortSignal,
  assetBase?: string,
): Promise<AudioWorkletNode | undefined> {
  const engine = await loadEngine(assetBase);
  const use = async (url: string, usedWay: AssetWay): Promise<AudioWorkletNode | undefined> => {
    await context.audioWorklet.addModule(url);
    const node = signal.aborted ? undefined : makeNode(context, { engine });
    way = usedWay;
    return node;
  };
  return loadAsset(PROCESSOR_FILE, voiceProcessorSource, '', assetBase, 'audio_failed/policy', use);
}

function makeNode(context: AudioContext, processorOptions: VoiceProcessorOptions): AudioWorkletNode {
  try {
    return new AudioWorkletNode(context, PROCESSOR_NAME, {
      outputChannelCount: [1],
      // The browser mixes a stereo microphone down to the one channel that is sent.
      channelCount: 1,
      channelCountMode: 'explicit',
      processorOptions,
    });
  } catch (error) {
    // No processor with that name was registered.
    if ((error as DOMException).name === 'InvalidStateError' && context.state !== 'closed')
      checkVersion(PROCESSOR_FILE);
    throw VoiceAgentError.fatal('audio_failed/worklet', { cause: error });
  }
}
