/** The figures of the README: what they claim, whether a run met them, and whether the machine was able to. */
import { availableParallelism, loadavg } from 'node:os';

/** A figure of the README's table. */
export interface Claim {
  /** The first column of the table, word for word. */
  readonly figure: string;
  readonly bound: 'at most' | 'at least';
  readonly limit: number;
  /** `ms`, `×`, `%`; empty for a count. */
  readonly unit: string;
}

/**
 * The same kind of work without this library, in the same run: a bare worklet, Worker, socket or loop. A value above the
 * limit means that the machine could not have met the claim.
 */
export interface Control {
  readonly what: string;
  readonly value: number;
  readonly limit: number;
  readonly unit: string;
}

/** One measured value. Without a claim, it is only reported. */
export interface Reading {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** E.g. `median / p90 / worst`. */
  readonly detail?: string;
  readonly claim?: Claim;
  readonly control?: Control;
  /** {@link machineLoad} while it was measured. */
  readonly load: number;
}

export type Verdict = 'reported' | 'met' | 'missed' | 'machine was busy';

/** Runnable processes for each core, averaged over the last minute. */
export function machineLoad(): number {
  return loadavg()[0]! / availableParallelism();
}

export function verdictOf({ value, claim, control }: Reading): Verdict {
  if (!claim) return 'reported';
  if (claim.bound === 'at most' ? value <= claim.limit : value >= claim.limit) return 'met';
  return control && !(control.value <= control.limit) ? 'machine was busy' : 'missed';
}

/** The second column of the README's table. */
export function claimText({ bound, limit, unit }: Claim): string {
  return `${bound} ${limit}${unit === '' ? '' : ` ${unit}`}`;
}

const HEAD = ['figure', 'measured', 'claim', 'control', 'load per core', 'verdict'];

/** A Markdown table, a row for each reading. */
export function readingsTable(readings: readonly Reading[]): string {
  const rows = readings.map((reading) => {
    const { what, value, unit, detail, claim, control, load } = reading;
    return [
      what,
      `${number(value)} ${unit}${detail === undefined ? '' : ` (${detail})`}`.trim(),
      claim ? claimText(claim) : '–',
      control ? `${control.what}: ${number(control.value)} of ${number(control.limit)} ${control.unit}` : '–',
      load.toFixed(1),
      verdictOf(reading),
    ];
  });
  return [HEAD, HEAD.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function number(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(Math.abs(value) < 10 ? 2 : 1);
}
