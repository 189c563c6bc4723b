import { availableParallelism, loadavg } from 'node:os';
import { monitorEventLoopDelay, type IntervalHistogram } from 'node:perf_hooks';

const RESOLUTION_MS = 5;
/** A machine that lets this process wait for longer does the same to the browser's audio threads. */
const STALL_LIMIT_MS = 50;
/** Runnable processes for each core, averaged over a minute. The browser and the test by themselves make less than 1. */
const LOAD_LIMIT = 1.5;
const ATTEMPTS = 3;

/** Whether the machine gave a measurement in real time the processor when it was due. */
export class MachineMeter {
  readonly #eventLoop: IntervalHistogram;
  #load = 0;

  constructor() {
    this.#eventLoop = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
    this.#eventLoop.enable();
  }

  /** To be called before the analysis, which keeps this process busy by itself. */
  endTimedPart(): void {
    this.#eventLoop.disable();
    this.#load = loadavg()[0]! / availableParallelism();
  }

  /** The longest time that this process could not run. */
  get worstStallMs(): number {
    return Math.max(0, this.#eventLoop.max / 1e6 - RESOLUTION_MS);
  }

  get wasStarved(): boolean {
    return this.worstStallMs > STALL_LIMIT_MS || this.#load > LOAD_LIMIT;
  }

  toString(): string {
    return `longest stall ${this.worstStallMs.toFixed(0)} ms, load ${this.#load.toFixed(1)} for each core`;
  }
}

/**
 * Runs a measurement in real time, and once or twice more when it failed while the machine was starved by other work: a
 * gap in the sound of a machine that does not run says nothing about this project. A failure on a calm machine stands,
 * and so does the last one.
 */
export async function onCalmMachine(measure: (machine: MachineMeter) => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const machine = new MachineMeter();
    try {
      await measure(machine);
      return;
    } catch (error) {
      machine.endTimedPart();
      if (!machine.wasStarved || attempt === ATTEMPTS) throw error;
      const [reason] = String(error).split('\n');
      process.stdout.write(
        `Measured again, since the machine was starved (${machine.toString()}): ${reason}\n`,
      );
    }
  }
}
