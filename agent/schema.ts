/** A small schema language for messages. Checks collect problems and never throw. */

export interface Problem {
  /** Path of the field, e.g. `session.input.turn_detection.vad_threshold`. */
  readonly param: string;
  readonly message: string;
  readonly code: 'invalid_value' | 'invalid_format';
}

export interface Report {
  readonly problems: Problem[];
  /** Fields that are in no schema. The API gets new ones over time, so they are reported, not refused. */
  readonly unknownFields: string[];
}

export type Check = (value: unknown, param: string, report: Report) => void;
export type Fields = Readonly<Record<string, Check>>;

function fail(report: Report, param: string, message: string, code: Problem['code'] = 'invalid_value'): void {
  report.problems.push({ param, message: `${param} ${message}`, code });
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Deeper values would exhaust the stack of code that follows them, and no message needs them. */
const MAX_DEPTH = 64;

/** Looks no deeper than that. */
export function isShallow(value: unknown, depth = MAX_DEPTH): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((inner) => isShallow(inner, depth - 1));
}

export const anything: Check = () => {};

export function text({ min = 0, max = Number.POSITIVE_INFINITY } = {}): Check {
  return (value, param, report) => {
    if (typeof value !== 'string') fail(report, param, 'must be a string');
    else if (value.length < min || value.length > max)
      fail(report, param, `must have ${min} to ${max} characters`);
  };
}

export function numeric(min: number, max: number): Check {
  return (value, param, report) => {
    if (typeof value !== 'number' || !(value >= min && value <= max)) {
      fail(report, param, `must be a number from ${min} to ${max}`);
    }
  };
}

export const flag: Check = (value, param, report) => {
  if (typeof value !== 'boolean') fail(report, param, 'must be true or false');
};

export function oneOf(...choices: readonly unknown[]): Check {
  return (value, param, report) => {
    if (!choices.includes(value)) fail(report, param, `must be one of ${choices.join(', ')}`);
  };
}

export function list(check: Check, max = Number.POSITIVE_INFINITY): Check {
  return (value, param, report) => {
    if (!Array.isArray(value)) fail(report, param, 'must be a list');
    else if (value.length > max) fail(report, param, `must have at most ${max} entries`);
    else value.forEach((entry: unknown, index) => check(entry, `${param}[${index}]`, report));
  };
}

/** Fields in `required` must be present. All others may be absent, but not null. */
export function record(fields: Fields, required: readonly string[] = []): Check {
  return (value, param, report) => {
    if (!isRecord(value)) {
      fail(report, param, 'must be an object');
      return;
    }
    for (const name of required) {
      if (!(name in value)) fail(report, `${param}.${name}`, 'is missing', 'invalid_format');
    }
    for (const [name, entry] of Object.entries(value)) {
      const check = Object.hasOwn(fields, name) ? fields[name] : undefined;
      if (check) check(entry, `${param}.${name}`, report);
      else report.unknownFields.push(`${param}.${name}`);
    }
  };
}

/** A record without any other fields. */
export function closed(fields: Fields): Check {
  const check = record(fields);
  return (value, param, report) => {
    check(value, param, report);
    if (!isRecord(value)) return;
    for (const name of Object.keys(value)) {
      if (!Object.hasOwn(fields, name)) fail(report, `${param}.${name}`, 'is not a field', 'invalid_format');
    }
  };
}
