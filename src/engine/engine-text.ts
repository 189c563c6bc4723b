/**
 * The engine as text inside a script: a character for each byte, shifted so that the commonest bytes of WebAssembly (0, 32,
 * 65 …) become visible characters, which no minifier has to escape and UTF-8 writes in one byte. That compresses to 2 kB less
 * than base64. Bytes that the shift takes beyond 255 begin again at 0.
 */
const SHIFT = 34;

export function engineText(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.map((byte) => byte + SHIFT));
}

export function engineBytesOf(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (character) => character.charCodeAt(0) - SHIFT);
}
