/** Reading recordings. */

/** Mono sound at a fixed rate, in memory. Full scale is ±1. */
export interface Sound {
  readonly rateHz: number;
  readonly samples: Float32Array;
}

/**
 * Reads a RIFF WAVE file of 16-bit PCM; several channels are averaged.
 *
 * @throws Error for any other file
 */
export function decodeWav(file: Buffer): Sound {
  if (file.toString('ascii', 0, 4) !== 'RIFF' || file.toString('ascii', 8, 12) !== 'WAVE') {
    throw new Error('Not a RIFF WAVE file.');
  }
  const format = findChunk(file, 'fmt ');
  const data = findChunk(file, 'data');
  if (format.readUInt16LE(0) !== 1 || format.readUInt16LE(14) !== 16) {
    throw new Error('Only 16-bit PCM is read.');
  }
  const channels = format.readUInt16LE(2);
  const samples = new Float32Array(Math.floor(data.length / 2 / channels));
  for (let frame = 0; frame < samples.length; frame += 1) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel += 1) {
      sum += data.readInt16LE((frame * channels + channel) * 2);
    }
    samples[frame] = sum / channels / 32_768;
  }
  return { rateHz: format.readUInt32LE(4), samples };
}

function findChunk(file: Buffer, id: string): Buffer {
  let offset = 12;
  while (offset + 8 <= file.length) {
    const sizeBytes = file.readUInt32LE(offset + 4);
    if (file.toString('ascii', offset, offset + 4) === id) {
      return file.subarray(offset + 8, offset + 8 + sizeBytes);
    }
    // Chunks are padded to an even length.
    offset += 8 + sizeBytes + (sizeBytes % 2);
  }
  throw new Error(`The WAVE file has no "${id}" chunk.`);
}
