import { randomInt } from 'node:crypto';
import fc from 'fast-check';

/** A property of `fc.property` or `fc.asyncProperty`. */
type Property<Ts> = fc.IRawProperty<Ts>;

export interface PropertyRuns {
  /** The name under which the seed is printed. */
  readonly name: string;
  /** Of the runs that are the same every time. */
  readonly seed: number;
  readonly numRuns: number;
}

/**
 * Checks a property twice: with a fixed seed, so that a counterexample is found again, and with a new seed in every run,
 * so that more are found over time. The new seed is printed. `PROPERTY_SEED=<number>` replays that seed alone;
 * `PROPERTY_FACTOR=<number>` multiplies the runs of both.
 *
 * @throws Error of fast-check with the seed, the path and the smallest counterexample.
 */
export async function checkProperty<Ts>(
  property: Property<Ts>,
  { name, seed, numRuns }: PropertyRuns,
): Promise<void> {
  const replayed = integer('PROPERTY_SEED');
  const runs = numRuns * (integer('PROPERTY_FACTOR') ?? 1);
  if (replayed === undefined) await fc.assert(property, { seed, numRuns: runs });
  const freshSeed = replayed ?? randomInt(2 ** 31);
  process.stdout.write(`${name}: PROPERTY_SEED=${freshSeed}\n`);
  await fc.assert(property, { seed: freshSeed, numRuns: runs });
}

function integer(name: string): number | undefined {
  const value = process.env[name];
  if (value === undefined) return undefined;
  if (!/^-?\d+$/.test(value)) throw new RangeError(`${name} is "${value}", which is not an integer.`);
  return Number(value);
}
