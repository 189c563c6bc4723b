/**
 * The engine as text inside a script. A character for each byte, turned so that the commonest bytes of WebAssembly (0, 32,
 * 65 …) become letters and digits, which UTF-8 writes in one byte and brotli knows: 240 bytes less of 42 k than hexadecimal
 * digits, 2 k less than base64.
 */
const TURN = 118;

export function engineText(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.map((byte) => byte ^ TURN));
}

export function engineBytesOf(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (character) => character.charCodeAt(0) ^ TURN);
}
