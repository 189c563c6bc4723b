/** The transcript as a list, for every UI. */
import type { TranscriptUpdate } from '../session/events.js';

/** An utterance of either side. */
export interface TranscriptEntry extends TranscriptUpdate {
  /** The same for every update of one utterance, and different for every utterance of a page. */
  readonly key: string;
}

/** Maximum number of utterances: hours of conversation. */
const MAX_ENTRIES = 1_000;

/** Of all entries on this page: earlier calls are shown and saved with the latest. */
let count = 0;

export class Transcript {
  #entries: readonly TranscriptEntry[];
  /** Leading entries that no update can refer to any more. */
  #settled = 0;
  /** Messages typed in this call, and those shown before the session could report them. */
  #typed = 0;
  readonly #shownEarly = new Set<string | undefined>();

  /** @param entries those of the page before */
  constructor(entries: readonly TranscriptEntry[] = []) {
    this.#entries = entries;
  }

  /** A new array for every change. */
  get entries(): readonly TranscriptEntry[] {
    return this.#entries;
  }

  /** Another session has taken over: its ids are unrelated to earlier ones. */
  settle(): void {
    this.#settled = this.#entries.length;
  }

  /**
   * A typed message.
   * @param early the session cannot report anything yet
   * @returns what is shown of it
   */
  typed(text: string, early: boolean): TranscriptUpdate | undefined {
    const itemId = `typed-${++this.#typed}`;
    if (!early) return undefined;
    const update: TranscriptUpdate = { role: 'user', text, final: true, interrupted: false, itemId };
    this.apply(update);
    this.#shownEarly.add(itemId);
    return update;
  }

  /** @returns false for a message that is already shown */
  apply(update: TranscriptUpdate): boolean {
    if (this.#shownEarly.delete(update.itemId)) return false;
    const index = this.#indexOf(update);
    // Partial words that turned out to be none.
    if (update.role === 'user' && update.final && update.text === '') {
      this.#entries = this.#entries.filter((_, at) => at !== index);
      return true;
    }
    const key = this.#entries[index]?.key ?? `${update.role}-${++count}`;
    const entry: TranscriptEntry = { ...update, key };
    if (index < 0 && this.#entries.length === MAX_ENTRIES) this.#settled = Math.max(0, this.#settled - 1);
    this.#entries =
      index < 0
        ? this.#inserted(entry).slice(-MAX_ENTRIES)
        : this.#entries.map((known, at) => (at === index ? entry : known));
    return true;
  }

  /** In order of turns: the user's text may arrive when the answer is already audible. */
  #inserted(entry: TranscriptEntry): TranscriptEntry[] {
    const { order = Infinity } = entry;
    const before = this.#entries.findLastIndex((other) => (other.order ?? -Infinity) < order) + 1;
    const at = Math.max(before, this.#settled);
    return [...this.#entries.slice(0, at), entry, ...this.#entries.slice(at)];
  }

  /** The utterance of an update: by id, or without one the unfinished utterance of that side. */
  #indexOf(update: TranscriptUpdate): number {
    const id = update.role === 'user' ? update.itemId : update.replyId;
    return this.#entries.findLastIndex((entry, index) => {
      if (entry.role !== update.role || index < this.#settled) return false;
      const entryId = entry.role === 'user' ? entry.itemId : entry.replyId;
      return id !== undefined && entryId !== undefined ? entryId === id : !entry.final;
    });
  }
}
