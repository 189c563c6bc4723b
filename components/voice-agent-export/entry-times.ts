import type { TranscriptEntry } from '../../src/index.js';

/** Words come about a second after they were spoken; what comes much later is not of that speech. */
const LATEST_WORDS_MS = 5_000;

/** When an utterance was heard, from the start of the call. */
export interface EntryTimes {
  readonly startMs: number;
  readonly endMs: number;
}

interface Noted {
  readonly entry: TranscriptEntry;
  readonly times: EntryTimes;
}

/**
 * Notes when each utterance began and ended, as its entries come and change. The agent's words come as they are heard,
 * so their changes are its times; the user's come after the fact, so theirs are those of the speech that was detected.
 * What was typed has no speech: its time is when it came.
 */
export class EntryClock {
  #startedAtMs: number | undefined;
  /** The latest, and the one entry that it became. */
  #speech: { readonly startMs: number; endMs: number | undefined; key: string | undefined } | undefined;
  readonly #noted = new Map<string, Noted>();
  startedAt = new Date();

  /** A new call: what was noted belongs to the one before. */
  reset(): void {
    this.#startedAtMs = undefined;
    this.#speech = undefined;
    this.#noted.clear();
  }

  /** The call is up. @param nowMs `performance.now()`. */
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

  /** @param entries all there are; what did not change is the same object as before. */
  note(entries: readonly TranscriptEntry[], nowMs: number): void {
    for (const entry of entries) {
      const known = this.#noted.get(entry.key);
      if (known?.entry === entry) continue;
      if (!known) this.#claimSpeech(entry, this.#sinceStart(nowMs));
      const endMs = this.#endOf(entry, known?.times, nowMs);
      const startMs = known?.times.startMs ?? this.#startOf(entry, endMs);
      this.#noted.set(entry.key, { entry, times: { startMs, endMs } });
    }
  }

  /** `undefined` for what was said before anybody noted it. */
  timesOf(key: string): EntryTimes | undefined {
    return this.#noted.get(key)?.times;
  }

  /** By the first words of the user after it. */
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
