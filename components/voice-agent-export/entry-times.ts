import type { TranscriptEntry } from '../../src/index.js';

/** Words arrive up to about a second after they were spoken; later ones belong to other speech. */
const LATEST_WORDS_MS = 5_000;

/** Of this call and earlier ones, at most a thousand each are shown. */
const MAX_NOTED = 2_000;

/** When an utterance was heard, relative to the start of the call. */
export interface EntryTimes {
  readonly startMs: number;
  readonly endMs: number;
}

interface Noted {
  readonly entry: TranscriptEntry;
  readonly times: EntryTimes;
}

/**
 * Records when each utterance began and ended, as its entries arrive and change. The agent's words arrive as they are
 * heard, so their changes are its times. The user's arrive later, so theirs are the times of the detected speech. The
 * time of typed text is its arrival.
 */
export class EntryClock {
  #startedAtMs: number | undefined;
  /** The latest, and the entry that it became. */
  #speech: { readonly startMs: number; endMs: number | undefined; key: string | undefined } | undefined;
  readonly #noted = new Map<string, Noted>();
  startedAt = new Date();

  /** A new call: recorded times belong to the previous one. */
  reset(): void {
    this.#startedAtMs = undefined;
    this.#speech = undefined;
    this.#noted.clear();
  }

  /** The call has started. @param nowMs `performance.now()`. */
  begin(nowMs: number): void {
    this.#startedAtMs ??= nowMs;
    this.startedAt = new Date(Date.now() - (nowMs - this.#startedAtMs));
  }

  speechStarted(nowMs: number): void {
    this.#speech = { startMs: this.#sinceStart(nowMs), endMs: undefined, key: undefined };
  }

  speechEnded(nowMs: number): void {
    if (this.#speech) this.#speech.endMs = this.#sinceStart(nowMs);
  }

  /** @param entries all entries; an unchanged one is the same object as before */
  note(entries: readonly TranscriptEntry[], nowMs: number): void {
    for (const entry of entries) {
      const known = this.#noted.get(entry.key);
      if (known?.entry === entry) continue;
      if (!known) this.#claimSpeech(entry, this.#sinceStart(nowMs));
      const endMs = this.#endOf(entry, known?.times, nowMs);
      const startMs = known?.times.startMs ?? this.#startOf(entry, endMs);
      this.#noted.set(entry.key, { entry, times: { startMs, endMs } });
    }
    for (const key of this.#noted.keys()) if (this.#noted.size > MAX_NOTED) this.#noted.delete(key);
  }

  /** `undefined` if it was said before recording began. */
  timesOf(key: string): EntryTimes | undefined {
    return this.#noted.get(key)?.times;
  }

  /** Identified by the user's first words after it. */
  #claimSpeech({ role, key }: TranscriptEntry, nowMs: number): void {
    const speech = this.#speech;
    if (role !== 'user' || !speech || speech.key !== undefined) return;
    if (nowMs - (speech.endMs ?? nowMs) < LATEST_WORDS_MS) speech.key = key;
  }

  #startOf({ key }: TranscriptEntry, endMs: number): number {
    return this.#speech?.key === key ? Math.min(this.#speech.startMs, endMs) : endMs;
  }

  #endOf(entry: TranscriptEntry, before: EntryTimes | undefined, nowMs: number): number {
    const now = this.#sinceStart(nowMs);
    if (entry.role === 'user') {
      const isSpoken = entry.final && this.#speech?.key === entry.key;
      return (isSpoken ? this.#speech?.endMs : undefined) ?? now;
    }
    // The last word is heard before the entry is settled, which changes no word.
    const known = before && this.#noted.get(entry.key);
    return known && known.entry.text === entry.text && !entry.final ? known.times.endMs : now;
  }

  #sinceStart(nowMs: number): number {
    this.#startedAtMs ??= nowMs;
    return Math.max(0, Math.round(nowMs - this.#startedAtMs));
  }
}
