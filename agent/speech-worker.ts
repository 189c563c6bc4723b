/** Synthesizes in its own thread: a sentence takes longer than one frame lasts, and frames must be sent on time. */
import { parentPort } from 'node:worker_threads';
import { resampleWhole, sharedEngine } from './encodings.js';
import { Flite, type FliteVoice, type SpokenWord } from './flite.js';

export interface SpeechRequest {
  readonly id: number;
  readonly sentence: string;
  readonly voice: string;
  readonly rateHz: number;
}

export type SpeechAnswer =
  | { readonly id: number; readonly samples: Float32Array; readonly words: readonly SpokenWord[] }
  | { readonly id: number; readonly error: string };

/** Flite's voices for the service's voice ids. */
const VOICES: Readonly<Record<string, readonly [FliteVoice, number]>> = {
  alba: ['slt', 1],
  anna: ['slt', 1.08],
  lola: ['slt', 0.92],
  estelle: ['slt', 1.04],
  michael: ['rms', 0.95],
  juergen: ['awb', 1],
};

const flite = await Flite.load();
const engine = await sharedEngine();

parentPort!.on('message', ({ id, sentence, voice, rateHz }: SpeechRequest) => {
  try {
    const [fliteVoice, stretch] = VOICES[voice] ?? VOICES.alba!;
    const utterance = flite.synthesize(sentence, fliteVoice, stretch);
    const samples = resampleWhole(engine, utterance.samples, utterance.rateHz, rateHz);
    parentPort!.postMessage({ id, samples, words: utterance.words } satisfies SpeechAnswer, [
      samples.buffer as ArrayBuffer,
    ]);
  } catch (error) {
    parentPort!.postMessage({ id, error: String(error) } satisfies SpeechAnswer);
  }
});
