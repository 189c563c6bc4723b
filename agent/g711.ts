/**
 * G.711 between 16-bit samples and bytes, step by step as the reference software of ITU-T G.191 does it. It shares nothing
 * with the page's engine on purpose: when both agree, two readings of the standard agree.
 */

/** @param sample −32768…32767 */
export function encodeALaw(sample: number): number {
  let code = sample < 0 ? ~sample >> 4 : sample >> 4;
  if (code > 15) {
    let exponent = 1;
    while (code > 16 + 15) {
      code >>= 1;
      exponent++;
    }
    code = code - 16 + (exponent << 4);
  }
  if (sample >= 0) code |= 0x80;
  return code ^ 0x55;
}

/** @param byte 0…255 */
export function decodeALaw(byte: number): number {
  const code = byte ^ 0x55;
  const exponent = (code & 0x7f) >> 4;
  let mantissa = code & 0xf;
  if (exponent > 0) mantissa += 16;
  mantissa = (mantissa << 4) + 8;
  if (exponent > 1) mantissa <<= exponent - 1;
  return code & 0x80 ? mantissa : -mantissa;
}

/** @param sample −32768…32767 */
export function encodeMuLaw(sample: number): number {
  const magnitude = Math.min(((sample < 0 ? ~sample : sample) >> 2) + 33, 0x1fff);
  let segment = 1;
  for (let rest = magnitude >> 6; rest !== 0; rest >>= 1) segment++;
  const code = ((8 - segment) << 4) | (0xf - ((magnitude >> segment) & 0xf));
  return sample >= 0 ? code | 0x80 : code;
}

/** @param byte 0…255 */
export function decodeMuLaw(byte: number): number {
  const inverted = ~byte;
  const exponent = (inverted >> 4) & 7;
  const step = 4 << (exponent + 1);
  const magnitude = (0x80 << exponent) + step * (inverted & 0xf) + step / 2 - 4 * 33;
  return byte < 0x80 ? -magnitude : magnitude;
}
