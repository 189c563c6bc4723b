import { VoiceAgentError } from '../errors.js';
import { engineWasmHex } from '../generated/engine-wasm.js';

/** The embedded `engine.wasm`. */
export function engineBytes(): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(engineWasmHex.length / 2);
  for (let i = 0; i < bytes.length; i++)
    bytes[i] = Number.parseInt(engineWasmHex.slice(2 * i, 2 * i + 2), 16);
  return bytes;
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
      "It needs WebAssembly with SIMD; a content security policy has to allow 'wasm-unsafe-eval' in script-src.",
      error,
    );
  }
}
