import type { EngineExports } from './engine-exports.js';
import type { SlotResampler } from './resampler.js';

/** Header and history; the rest of a slot is the filter table, which depends only on the rates. */
const STATE_BYTES = 64 + 4096 * 4;

/**
 * Lets any number of resamplers share the fixed memory of one instance. There are few slots. The resampler that has
 * been idle longest is swapped out: its state (16 kB) is kept in an array until its next call. One memory per
 * resampler would be simpler, but a browser reserves gigabytes of address space for every WebAssembly memory.
 */
export class ResamplerSlots {
  readonly exports: EngineExports;
  readonly #bytes: Uint8Array;
  readonly #owners: (SlotResampler | undefined)[];
  readonly #lastUse: number[];
  /** Filter tables of swapped-out resamplers, by rates. */
  readonly #tables = new Map<string, Uint8Array>();
  #uses = 0;

  constructor(exports: EngineExports) {
    this.exports = exports;
    this.#bytes = new Uint8Array(exports.memory.buffer);
    this.#owners = Array.from({ length: exports.slotCount() });
    this.#lastUse = this.#owners.map(() => 0);
  }

  /** Address of the slot with the resampler's state, swapped in if necessary. */
  acquire(resampler: SlotResampler): number {
    const slot = resampler.slot >= 0 ? resampler.slot : this.#moveIn(resampler);
    this.#lastUse[slot] = ++this.#uses;
    return this.exports.slotAddress(slot);
  }

  #moveIn(resampler: SlotResampler): number {
    const slot = this.#lastUse.indexOf(Math.min(...this.#lastUse));
    const previous = this.#owners[slot];
    if (previous) this.#moveOut(previous, slot);
    this.#owners[slot] = resampler;
    resampler.slot = slot;
    const address = this.exports.slotAddress(slot);
    const table = this.#tables.get(tableKey(resampler));
    if (table && resampler.savedState) this.#bytes.set(table, address + STATE_BYTES);
    else this.exports.configureResampler(address, resampler.inputRate, resampler.outputRate);
    if (resampler.savedState) this.#bytes.set(resampler.savedState, address);
    resampler.savedState = undefined;
    return slot;
  }

  #moveOut(resampler: SlotResampler, slot: number): void {
    const address = this.exports.slotAddress(slot);
    const tableStart = address + STATE_BYTES;
    resampler.savedState = this.#bytes.slice(address, tableStart);
    resampler.slot = -1;
    const key = tableKey(resampler);
    if (!this.#tables.has(key))
      this.#tables.set(key, this.#bytes.slice(tableStart, address + this.exports.slotBytes()));
  }
}

function tableKey(resampler: SlotResampler): string {
  return `${resampler.inputRate}:${resampler.outputRate}`;
}
