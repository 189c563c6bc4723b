/**
 * The memory layout. The memory never grows, so every address is a constant; a test checks the total against
 * `initialMemory` in asconfig.json. The compiler's own static data ends below `STATIC_END`.
 */

const STATIC_END: usize = 0x4000;

/** Input buffer: samples (f32) or encoded bytes. */
export const STAGING_FRAMES: i32 = 4096;
export const INPUT: usize = STATIC_END;
export const INPUT_BYTES: i32 = STAGING_FRAMES * 4;

/** Output buffer. */
export const OUTPUT: usize = INPUT + <usize>INPUT_BYTES;
export const OUTPUT_BYTES: i32 = STAGING_FRAMES * 4;

/** int16 value of each of the 256 codes, µ-law then A-law. */
export const ULAW_VALUES: usize = OUTPUT + <usize>OUTPUT_BYTES;
export const ALAW_VALUES: usize = ULAW_VALUES + 512;

/** Queue of encoded microphone packets of 50 ms. */
export const PACKET_CAPACITY: i32 = 16;
export const PACKET_MAX_BYTES: i32 = 2400;
/** The encoder writes whole vectors: 16 extra bytes protect the next packet. Then they hold the packet's level, f32. */
export const PACKET_STRIDE: i32 = PACKET_MAX_BYTES + 16;
export const PACKETS: usize = ALAW_VALUES + 512;

/** One quantum is 128 frames; larger ones are accepted up to this. */
export const MAX_QUANTUM_FRAMES: i32 = 1024;

/** A resampler slot: header, history of input samples, table of filter coefficients. 16-byte aligned throughout. */
export const SLOT_HEADER_BYTES: i32 = 64;
export const HISTORY_FRAMES: i32 = 4096;
export const TABLE_FLOATS: i32 = 36_864;
export const SLOT_BYTES: i32 = SLOT_HEADER_BYTES + HISTORY_FRAMES * 4 + TABLE_FLOATS * 4;
/** Sufficient for a ratio of 3: a table of one phase. */
export const SMALL_SLOT_BYTES: i32 = SLOT_HEADER_BYTES + HISTORY_FRAMES * 4 + 1024;
export const SLOTS: usize = (PACKETS + <usize>(PACKET_CAPACITY * PACKET_STRIDE) + 63) & ~63;
export const CAPTURE_SLOT: usize = SLOTS;
export const PLAYBACK_SLOT: usize = SLOTS + <usize>SLOT_BYTES;

/** Playback ring: 60 s of int16 at 24 kHz, the lossless form of all three encodings. */
export const RING_SECONDS: i32 = 60;
export const RING_MAX_RATE_HZ: i32 = 24_000;
export const RING_BLOCKS_PER_SECOND: i32 = 200;
export const RING_PEAKS: usize = SLOTS + 2 * <usize>SLOT_BYTES;
export const RING: usize = RING_PEAKS + <usize>(RING_SECONDS * RING_BLOCKS_PER_SECOND * 2);

/** The speech detector: the transform and its tables, both signals at 8 kHz, the state of each band. */
export const SPECTRUM: usize = RING + <usize>(RING_SECONDS * RING_MAX_RATE_HZ * 2);
export const SPECTRUM_BYTES: i32 = 3 * 1024 + 640;
export const SPEECH_FRAMES: i32 = 2048;
export const SPEECH_MICROPHONE: usize = SPECTRUM + <usize>SPECTRUM_BYTES;
export const SPEECH_SPEAKER: usize = SPEECH_MICROPHONE + <usize>(SPEECH_FRAMES * 4);
export const BANDS_MEMORY: usize = SPEECH_SPEAKER + <usize>(SPEECH_FRAMES * 4);
export const BANDS_MEMORY_BYTES: i32 = 12 * 1024;
/** Resamplers of the detector, from 24 to 8 kHz. */
export const SPEECH_MICROPHONE_SLOT: usize = BANDS_MEMORY + <usize>BANDS_MEMORY_BYTES;
export const SPEECH_SPEAKER_SLOT: usize = SPEECH_MICROPHONE_SLOT + <usize>SMALL_SLOT_BYTES;
export const MEMORY_END: usize = SPEECH_SPEAKER_SLOT + <usize>SMALL_SLOT_BYTES;

/** Without playback (the headless engine), the ring's memory holds further resamplers. */
export const SLOT_COUNT: i32 = 2 + <i32>((MEMORY_END - RING_PEAKS) / <usize>SLOT_BYTES);

export function slotAddress(slot: i32): usize {
  return SLOTS + <usize>(slot * SLOT_BYTES);
}
