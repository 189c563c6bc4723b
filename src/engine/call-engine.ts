import { engineWasmHex } from '../generated/engine-wasm.js';
import { bytesOfHex } from './compile-engine.js';

/** The embedded engine of a call; empty in the strict build. */
export function engineBytes(): Uint8Array<ArrayBuffer> {
  return bytesOfHex(engineWasmHex);
}
