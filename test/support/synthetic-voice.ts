/** A synthetic signal with the features of a voice: varying pitch, changing vowels, syllables. Deterministic. */

/** First three formants of five vowels, Hz (Peterson and Barney 1952). */
const VOWELS = [
  [730, 1090, 2440],
  [270, 2290, 3010],
  [570, 840, 2410],
  [530, 1840, 2480],
  [300, 870, 2240],
] as const;

const SYLLABLE_SECONDS = 0.22;
const PEAK = 0.35;

function resonance(hz: number, formants: readonly number[]): number {
  return formants.reduce((sum, formant, i) => sum + (1 - 0.25 * i) / (1 + ((hz - formant) / 90) ** 2), 0.02);
}

/**
 * @param pitchHz mean; 110 is a man's, 210 a woman's
 * @param seconds how long it speaks, without pauses longer than those between syllables
 * @returns samples at `rateHz`, peak about 0.35 and −20 dBFS RMS
 */
export function syntheticVoice(rateHz: number, pitchHz: number, seconds: number, seed = 0): Float32Array {
  const samples = new Float32Array(Math.round(rateHz * seconds));
  const harmonics = Math.floor(3_600 / (pitchHz * 1.2));
  let phase = 0;
  let vowel = -1;
  let weights: number[] = [];
  for (let i = 0; i < samples.length; i++) {
    const t = i / rateHz;
    const hz = pitchHz * (1 + 0.12 * Math.sin(2 * Math.PI * 1.3 * t + seed) + 0.02 * Math.sin(31 * t));
    phase += (2 * Math.PI * hz) / rateHz;
    const syllable = Math.floor(t / SYLLABLE_SECONDS);
    const next = (syllable * 7 + seed * 3) % VOWELS.length;
    if (next !== vowel) {
      vowel = next;
      const formants = VOWELS[vowel] ?? VOWELS[0];
      weights = Array.from(
        { length: harmonics },
        (_, k) => resonance((k + 1) * pitchHz, formants) / (k + 1) ** 0.3,
      );
    }
    const into = (t % SYLLABLE_SECONDS) / SYLLABLE_SECONDS;
    const loudness = Math.min(1, 12 * into, 8 * (1 - into));
    let sum = 0;
    for (let k = 0; k < harmonics; k++) sum += (weights[k] ?? 0) * Math.cos((k + 1) * phase);
    samples[i] = sum * loudness;
  }
  const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  return samples.map((sample) => (sample * PEAK) / peak);
}

/** Noise of an RMS, the same for the same seed. @returns −∞ … ∞, normally distributed about */
export function noise(seed: number): () => number {
  let state = seed >>> 0 || 1;
  const uniform = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
  return () => (uniform() + uniform() + uniform()) * 2;
}
