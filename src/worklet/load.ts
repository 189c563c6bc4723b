/** Brings the worklet and its engine into a context. */
import { VoiceAgentError } from '../errors.js';
import { compileEngine } from '../engine/compile-engine.js';
import { voiceProcessorSource } from '../generated/voice-processor-source.js';
import type { VoiceProcessorOptions } from './messages.js';

/** Under which the processor registers itself; the worklet is a bundle of its own and cannot share the constant. */
const PROCESSOR_NAME = 'voice-agent';

let compiled: Promise<WebAssembly.Module> | undefined;

/**
 * Compiled once for all calls of a page.
 * @throws {VoiceAgentError} `engine_failed`
 */
export async function loadEngine(): Promise<WebAssembly.Module> {
  compiled ??= compileEngine();
  try {
    return await compiled;
  } catch (error) {
    compiled = undefined;
    throw error;
  }
}

/**
 * A module worklet from a blob: address, and from data: where a policy allows only that.
 * @throws {VoiceAgentError} `audio_failed`
 */
export async function createVoiceNode(
  context: AudioContext,
  engine: WebAssembly.Module,
): Promise<AudioWorkletNode> {
  await addProcessor(context);
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
    throw VoiceAgentError.fatal(
      'audio_failed',
      'The audio worklet could not be made.',
      'Reload the page and try again.',
      error,
    );
  }
}

async function addProcessor(context: AudioContext): Promise<void> {
  const blobUrl = URL.createObjectURL(new Blob([voiceProcessorSource], { type: 'text/javascript' }));
  try {
    await context.audioWorklet.addModule(blobUrl);
  } catch {
    try {
      await context.audioWorklet.addModule(
        `data:text/javascript;charset=utf-8,${encodeURIComponent(voiceProcessorSource)}`,
      );
    } catch (error) {
      throw VoiceAgentError.fatal(
        'audio_failed',
        'The browser refused to load the audio worklet.',
        'Allow it in the page’s Content-Security-Policy: script-src needs blob:.',
        error,
      );
    }
  } finally {
    URL.revokeObjectURL(blobUrl);
  }
}
