import { type Sound } from '../../agent/wav.js';

export { decodeWav, type Sound } from '../../agent/wav.js';

const HEADER_BYTES = 44;

/** A RIFF WAVE file: 16-bit PCM, mono. Values beyond ±1 are clamped. */
export function encodeWav({ rateHz, samples }: Sound): Buffer {
  const dataBytes = samples.length * 2;
  const file = Buffer.alloc(HEADER_BYTES + dataBytes);
  file.write('RIFF', 0, 'ascii');
  file.writeUInt32LE(HEADER_BYTES - 8 + dataBytes, 4);
  file.write('WAVEfmt ', 8, 'ascii');
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(rateHz, 24);
  file.writeUInt32LE(rateHz * 2, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36, 'ascii');
  file.writeUInt32LE(dataBytes, 40);
  for (const [index, sample] of samples.entries()) {
    const scaled = Math.round(sample * 32_768);
    file.writeInt16LE(Math.max(-32_768, Math.min(32_767, scaled)), HEADER_BYTES + index * 2);
  }
  return file;
}
