import { VoiceAgentError } from '../errors.js';

/**
 * Compiles an engine.
 * @throws VoiceAgentError `engine_failed` if WebAssembly or SIMD is missing, or a policy forbids it
 */
export async function compileEngine(source: BufferSource | WebAssembly.Module): Promise<WebAssembly.Module> {
  try {
    if (source instanceof WebAssembly.Module) return source;
    return await WebAssembly.compile(source);
  } catch (error) {
    throw VoiceAgentError.fatal('engine_failed/compile', { cause: error });
  }
}
