import { VoiceAgentError } from '../errors.js';
import { engineWasmBase64 } from '../generated/engine-wasm.js';

/** The embedded `engine.wasm`. Needs `atob`, which an AudioWorklet does not have: pass it the bytes or a Module. */
export function engineBytes(): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(engineWasmBase64), (character) => character.charCodeAt(0));
}

/**
 * Compiles the given engine, or the embedded one.
 * @throws VoiceAgentError `engine_failed` where WebAssembly or its SIMD is missing, or a policy forbids it
 */
export async function compileEngine(source?: BufferSource | WebAssembly.Module): Promise<WebAssembly.Module> {
  if (source instanceof WebAssembly.Module) return source;
  try {
    return await WebAssembly.compile(source ?? engineBytes());
  } catch (error) {
    throw VoiceAgentError.fatal(
      'engine_failed',
      'The audio engine could not be compiled.',
      "It needs WebAssembly with SIMD; under a content security policy, script-src needs 'wasm-unsafe-eval'.",
      error,
    );
  }
}
