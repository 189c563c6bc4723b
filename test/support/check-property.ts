import { randomInt } from 'node:crypto';
import fc from 'fast-check';

/** A property of `fc.property` or `fc.asyncProperty`. */
type Property<Ts> = fc.IRawProperty<Ts>;

export interface PropertyRuns {
  /** Names the property in what is printed. */
  readonly name: string;
  /** The runs that are the same every time. */
  readonly seed: number;
  readonly numRuns: number;
}

/**
 * Checks a property twice: with a fixed seed, so that what was once found stays found, and with one that is new in every
 * run, so that more is found over time. The new seed is printed. `PROPERTY_SEED=<number>` replays it, and only it;
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
