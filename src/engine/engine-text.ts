/**
 * The engine as text inside a script: one character per byte, shifted so that the commonest bytes of WebAssembly (0,
 * 32, 65 …) become printable characters. No minifier has to escape those, and UTF-8 encodes them in one byte. That
 * compresses to 2 kB less than base64. Bytes beyond 255 wrap around to 0.
 */
const SHIFT = 34;

export function engineText(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.map((byte) => byte + SHIFT));
}

export function engineBytesOf(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (character) => character.charCodeAt(0) - SHIFT);
}
