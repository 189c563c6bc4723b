/** Brings the worklet and its engine into a context. */
import { VoiceAgentError } from '../errors.js';
import { engineWasmBase64 } from '../generated/engine-wasm.js';
import { voiceProcessorSource } from '../generated/voice-processor-source.js';
import type { VoiceProcessorOptions } from './messages.js';

/** Under which the processor registers itself; the worklet is a bundle of its own and cannot share the constant. */
const PROCESSOR_NAME = 'voice-agent';

let compiled: Promise<WebAssembly.Module> | undefined;

/** @throws {VoiceAgentError} `engine_failed` */
export async function compileEngine(): Promise<WebAssembly.Module> {
  compiled ??= WebAssembly.compile(Uint8Array.from(atob(engineWasmBase64), (char) => char.charCodeAt(0)));
  try {
    return await compiled;
  } catch (error) {
    compiled = undefined;
    throw VoiceAgentError.fatal(
      'engine_failed',
      'The browser refused to compile the audio engine.',
      "Allow it in the page’s Content-Security-Policy: script-src needs 'wasm-unsafe-eval'. Browsers older than Chromium 91, Firefox 89 and Safari 16.4 cannot run it.",
      error,
    );
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
