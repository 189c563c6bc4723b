import { engineWasmText } from '../generated/engine-wasm.js';
import { engineBytesOf } from './engine-text.js';

/** The embedded engine of a call; empty in the strict build. */
export function engineBytes(): Uint8Array<ArrayBuffer> {
  return engineBytesOf(engineWasmText);
}
