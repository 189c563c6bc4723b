/**
 * Designs the filters of the resampler and writes assembly/prototype-coefficients.ts: `npx tsx test/bench/design-prototype.ts`.
 * assembly/README.md describes the mathematics. The result is committed, so this runs only if the requirements change.
 *
 * The impulse response is a cosine series on a finite interval. Its coefficients are found by Lawson's algorithm: least
 * squares with weights that grow where the error is large, which ends at the smallest largest error (Lawson 1961; Rice and
 * Usow, The Lawson algorithm and extensions, Mathematics of Computation 22, 1968).
 */
import { writeFile } from 'node:fs/promises';

interface Demands {
  readonly name: string;
  readonly comment: string;
  /** Length in periods of the narrower rate. */
  readonly periods: number;
  /** End of the pass band and begin of the stop band, in units of the narrower Nyquist frequency. */
  readonly passEdge: number;
  readonly stopEdge: number;
  readonly rippleDb: number;
  readonly stopDb: number;
}

const DESIGNS: readonly Demands[] = [
  {
    name: 'WIDE',
    comment:
      'Wide design: pass 0.90, stop 1.03 of the narrower Nyquist frequency, 64 periods of the narrower rate long.',
    periods: 64,
    passEdge: 0.9,
    stopEdge: 1.03,
    rippleDb: 0.04,
    stopDb: 97.5,
  },
  {
    name: 'VOICE',
    comment: 'Voice design for 8 kHz: pass 0.85, stop 1.03, 48 periods long.',
    periods: 48,
    passEdge: 0.85,
    stopEdge: 1.03,
    rippleDb: 0.03,
    stopDb: 98.5,
  },
];

/** From here on, the stop band falls by this much per octave to the floor, so that the images of a tone do not add up. */
const SLOPE_FROM = 1.25;
const SLOPE_DB = 30;
const FLOOR_DB = 125;
/** Terms beyond the pass band. */
const EXTRA_TERMS = 8;
const ITERATIONS = 200;

function sinc(x: number): number {
  return Math.abs(x) < 1e-9 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** The evaluated frequencies, in units of the narrower Nyquist frequency; dense where the response changes quickly. */
function grid({ passEdge, stopEdge }: Demands): number[] {
  const steps = (from: number, to: number, count: number) =>
    Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1));
  const far = steps(Math.log(8), Math.log(60), 300).map(Math.exp);
  return [...steps(0, passEdge, 160), ...steps(stopEdge, 2.2, 450), ...steps(2.21, 8, 1200), ...far];
}

/** The grid has nothing between the edges, and its last point before the gap is inexact. */
function isInPassBand({ passEdge, stopEdge }: Demands, frequency: number): boolean {
  return frequency < (passEdge + stopEdge) / 2;
}

/** The maximum error at a frequency. */
function tolerance(design: Demands, frequency: number): number {
  if (isInPassBand(design, frequency)) return 10 ** (design.rippleDb / 20) - 1;
  const fall = SLOPE_DB * Math.max(0, Math.log2(frequency / SLOPE_FROM));
  return 10 ** (-Math.min(design.stopDb + fall, FLOOR_DB) / 20);
}

/** Rows of the response of every term, divided by the tolerance; the last column is the wanted response. */
function equations(design: Demands): Float64Array[] {
  const terms = design.periods / 2 + EXTRA_TERMS + 1;
  return grid(design).map((frequency) => {
    const v = (frequency * design.periods) / 2;
    const scale = 1 / tolerance(design, frequency);
    const row = Float64Array.from(
      { length: terms + 1 },
      (_, k) => (sinc(v - k) + (k === 0 ? 0 : sinc(v + k))) * scale,
    );
    row[terms] = isInPassBand(design, frequency) ? scale : 0;
    return row;
  });
}

/** Least squares by Householder reflections; destroys the rows. */
function leastSquares(rows: Float64Array[], unknowns: number): Float64Array {
  for (let k = 0; k < unknowns; k++) {
    let norm = 0;
    for (let i = k; i < rows.length; i++) norm += rows[i]![k]! ** 2;
    const alpha = rows[k]![k]! > 0 ? -Math.sqrt(norm) : Math.sqrt(norm);
    const reflector = Float64Array.from({ length: rows.length - k }, (_, i) => rows[i + k]![k]!);
    reflector[0]! -= alpha;
    const length = reflector.reduce((sum, value) => sum + value * value, 0);
    for (let j = k; j <= unknowns; j++) {
      let product = 0;
      for (let i = k; i < rows.length; i++) product += reflector[i - k]! * rows[i]![j]!;
      const factor = (2 * product) / length;
      for (let i = k; i < rows.length; i++) rows[i]![j]! -= factor * reflector[i - k]!;
    }
  }
  const solution = new Float64Array(unknowns);
  for (let k = unknowns - 1; k >= 0; k--) {
    let value = rows[k]![unknowns]!;
    for (let j = k + 1; j < unknowns; j++) value -= rows[k]![j]! * solution[j]!;
    solution[k] = value / rows[k]![k]!;
  }
  return solution;
}

/** Largest error in units of the tolerance, and every error. */
function errorsOf(system: readonly Float64Array[], solution: Float64Array): Float64Array {
  return Float64Array.from(system, (row) => {
    let error = -row[solution.length]!;
    for (const [k, coefficient] of solution.entries()) error += row[k]! * coefficient;
    return Math.abs(error);
  });
}

interface Design {
  readonly coefficients: Float64Array;
  /** In units of the tolerance: at most 1 if the requirements are met. */
  readonly largestError: number;
}

function design(demands: Demands): Design {
  const system = equations(demands);
  const unknowns = system[0]!.length - 1;
  let weights = new Float64Array(system.length).fill(1 / system.length);
  let best: Design = { coefficients: new Float64Array(0), largestError: Infinity };
  for (let i = 0; i < ITERATIONS; i++) {
    const rows = system.map((row, n) => row.map((value) => value * Math.sqrt(weights[n]!)));
    const coefficients = leastSquares(rows, unknowns);
    const errors = errorsOf(system, coefficients);
    const largestError = Math.max(...errors);
    if (largestError < best.largestError) best = { coefficients, largestError };
    const grown = weights.map((weight, n) => weight * errors[n]!);
    const sum = grown.reduce((total, weight) => total + weight, 0);
    // a weight of zero could not grow again
    weights = grown.map((weight) => Math.max(weight / sum, 1e-14));
  }
  return best;
}

function listing(values: Float64Array): string {
  const texts = [...values].map((value) => {
    const text = String(Number(value.toPrecision(11)));
    return /[.e]/.test(text) ? text : `${text}.0`;
  });
  const lines: string[] = [];
  for (let i = 0; i < texts.length; i += 5) lines.push(`  ${texts.slice(i, i + 5).join(', ')},`);
  return lines.join('\n');
}

const parts = [
  '/** Written by test/bench/design-prototype.ts; the mathematics is in README.md. Do not edit. */',
];
for (const demands of DESIGNS) {
  const { coefficients, largestError } = design(demands);
  console.log(
    `${demands.name}: ${coefficients.length} terms, error ${largestError.toFixed(3)} of the tolerance`,
  );
  if (largestError > 1) throw new Error(`${demands.name} misses its demands.`);
  parts.push(`/** ${demands.comment} */
export const ${demands.name}_PERIODS: f64 = ${demands.periods};
// prettier-ignore
export const ${demands.name} = memory.data<f32>([
${listing(coefficients)}
]);
export const ${demands.name}_TERMS: i32 = ${coefficients.length};`);
}
const file = new URL('../../assembly/prototype-coefficients.ts', import.meta.url);
await writeFile(file, `${parts.join('\n\n')}\n`);
