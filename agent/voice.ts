/** Speech synthesis in its own thread, with a cache. */
import { Worker } from 'node:worker_threads';
import type { SpokenWord } from './flite.js';
import type { SpeechAnswer, SpeechRequest } from './speech-worker.js';

export type { SpokenWord } from './flite.js';

export interface Speech {
  /** Mono, −1…1, from the first audible sample to the last. */
  readonly samples: Float32Array;
  readonly rateHz: number;
  /** In order of time; times count from the first sample. */
  readonly words: readonly SpokenWord[];
}

interface Pending {
  resolve(sentence: Sentence): void;
  reject(error: Error): void;
}
type Sentence = Pick<Speech, 'samples' | 'words'>;

const SENTENCE_GAP_MS = 260;
const CACHED_SENTENCES = 120;

/** The synthesizer's time grows with the square of a sentence's length. */
const LONGEST_SENTENCE = 240;

/** Splits at the ends of sentences (not at decimal points). A very long sentence is split at a comma, a space, or anywhere. */
export function splitSentences(text: string): string[] {
  return text
    .split(/(?<=[.!?…])\s+/)
    .flatMap(breakUp)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '');
}

function breakUp(sentence: string): string[] {
  const pieces: string[] = [];
  let rest = sentence;
  while (rest.length > LONGEST_SENTENCE) {
    const head = rest.slice(0, LONGEST_SENTENCE);
    const place = [head.lastIndexOf(', ') + 1, head.lastIndexOf(' ')].find(
      (end) => end > LONGEST_SENTENCE / 3,
    );
    pieces.push(rest.slice(0, place ?? LONGEST_SENTENCE));
    rest = rest.slice(place ?? LONGEST_SENTENCE);
  }
  return [...pieces, rest];
}

export class Voice {
  static #shared: Voice | undefined;
  readonly #cache = new Map<string, Promise<Sentence>>();
  readonly #pending = new Map<number, Pending>();
  #worker: Worker | undefined;
  #nextId = 1;

  /** Shared by the whole process. Its thread starts on first use and does not keep the process alive. */
  static get shared(): Voice {
    return (this.#shared ??= new Voice());
  }

  /**
   * @param voice a voice of the service, e.g. `alba`; an unknown one sounds like `alba`
   * @param rateHz 24000 or 8000
   */
  async speak(text: string, voice: string, rateHz: number): Promise<Speech> {
    const sentences = await Promise.all(
      splitSentences(text).map((sentence) => this.#sentence(sentence, voice, rateHz)),
    );
    const gapFrames = Math.round((SENTENCE_GAP_MS / 1000) * rateHz);
    const soundFrames = sentences.reduce((sum, { samples }) => sum + samples.length, 0);
    const samples = new Float32Array(soundFrames + gapFrames * Math.max(0, sentences.length - 1));
    const words: SpokenWord[] = [];
    let offsetFrames = 0;
    for (const sentence of sentences) {
      const offsetMs = Math.round((offsetFrames / rateHz) * 1000);
      samples.set(sentence.samples, offsetFrames);
      for (const { text, startMs, endMs } of sentence.words) {
        words.push({ text, startMs: startMs + offsetMs, endMs: endMs + offsetMs });
      }
      offsetFrames += sentence.samples.length + gapFrames;
    }
    return { samples, rateHz, words };
  }

  /** Ends the thread. Pending requests are rejected. */
  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    this.#fail(new Error('The voice was closed'));
    await worker?.terminate();
  }

  #sentence(sentence: string, voice: string, rateHz: number): Promise<Sentence> {
    const key = `${voice} ${rateHz} ${sentence}`;
    const known = this.#cache.get(key);
    if (known) return known;
    const promise = this.#request({ id: this.#nextId++, sentence, voice, rateHz });
    this.#cache.set(key, promise);
    promise.catch(() => this.#cache.delete(key));
    const oldest = this.#cache.keys().next().value;
    if (this.#cache.size > CACHED_SENTENCES && oldest !== undefined) this.#cache.delete(oldest);
    return promise;
  }

  #request(request: SpeechRequest): Promise<Sentence> {
    return new Promise((resolve, reject) => {
      this.#pending.set(request.id, { resolve, reject });
      const worker = (this.#worker ??= this.#startWorker());
      worker.ref();
      worker.postMessage(request);
    });
  }

  #startWorker(): Worker {
    const worker = new Worker(new URL('./speech-thread.mjs', import.meta.url));
    worker.on('message', (answer: SpeechAnswer) => this.#settle(worker, answer));
    worker.on('error', (error) => {
      this.#worker = undefined;
      this.#fail(error instanceof Error ? error : new Error(String(error)));
    });
    return worker;
  }

  #settle(worker: Worker, answer: SpeechAnswer): void {
    const pending = this.#pending.get(answer.id);
    this.#pending.delete(answer.id);
    if (this.#pending.size === 0) worker.unref();
    if ('error' in answer) pending?.reject(new Error(answer.error));
    else pending?.resolve(answer);
  }

  #fail(error: Error): void {
    for (const pending of this.#pending.values()) pending.reject(error);
    this.#pending.clear();
  }
}
