/** Everything that can go wrong on purpose, as data. Parsed from flags (`--fault cut=5`) and from queries (`?fault=cut=5,latency=80`). */

/** What it takes to resume: the session's own `resume_token`, a fresh token, or nothing helps. */
export type ResumeRule = 'token' | 'fresh' | 'refuse';
export type ResumeRefusal = 'session_not_found' | 'session_forbidden' | 'session_expired';
export type BadToken = 'session' | 'handshake';

export interface Faults {
  /** Every message of the server arrives this much later. */
  readonly latencyMs: number;
  /** … and, in the share of messages below, this much more at least and at most. Order is kept, as TCP keeps it. */
  readonly jitterMinMs: number;
  readonly jitterMs: number;
  /** 0…1 */
  readonly jitterShare: number;
  /** Nothing leaves the server for this long, then all of it at once … */
  readonly stallMs: number;
  /** … beginning this long after `session.ready`. */
  readonly stallAfterMs: number;
  /** The connection breaks this long after `session.ready`, on every connection. */
  readonly cutAfterMs: number | undefined;
  /** How often at most; counted per scope. */
  readonly cutTimes: number;
  /** Close code of the cut; 1006 means that the socket just disappears. */
  readonly cutCode: number;
  readonly refuseResume: ResumeRefusal | undefined;
  /** Undefined: both kinds of token are accepted. */
  readonly resumeRule: ResumeRule | undefined;
  /** The session ends with `session_expired` and close 1008 this long after `session.ready`. */
  readonly expireAfterMs: number | undefined;
  /** This long after `session.ready` a whole reply is sent at once, then `session.ended`. */
  readonly goodbyeAfterMs: number | undefined;
  /** Sound that runs ahead of real time by more than this is dropped. */
  readonly audioBurstMs: number;
  /** Errors have the type `error` instead of `session.error`. */
  readonly errorAlias: boolean;
  /** The nth reply fails with `reply.error`; 0 for none. */
  readonly replyError: number;
  /** … which says that another try makes sense. */
  readonly replyErrorRetryable: boolean;
  /** `reply.cancel` is an unknown type. */
  readonly noCancel: boolean;
  /** Sessions without sound are refused. */
  readonly noText: boolean;
  /** Waits, silences and replies are shorter by this factor; 1 is real time. */
  readonly pace: number;
  /** The first n connections are answered `at_capacity`; counted per scope. */
  readonly atCapacityTimes: number;
  /** The token is refused after the upgrade (as seen) or by it (as documented). */
  readonly badToken: BadToken | undefined;
  /** The first `session.update` is refused, with close 1008. */
  readonly fatalUpdate: boolean;
  /** One broken or unknown message before every nth message; 0 for none. */
  readonly malformedEvery: number;
  /** The nth reply, the greeting counted, is silence without a transcript; 0 for none. */
  readonly silentReply: number;
  /** The nth reply is silence with a transcript of words that were never spoken; 0 for none. */
  readonly unspokenReply: number;
  /** Times real time that replies are sent at; 1 is healthy. */
  readonly speed: number;
  /** Messages of sound end in the middle of a sample (PCM) and vary in size (G.711). */
  readonly oddBytes: boolean;
  /** The second reply calls this many tools at once, known and unknown ones. */
  readonly toolStorm: number;
  /** `input.speech.started` comes this soon into speech during a reply, as a mere alarm. */
  readonly speechAlarmMs: number | undefined;
  /** Silence at the head of every reply; undefined: 0.2 … 0.8 s, seeded. */
  readonly leadMs: number | undefined;
  /** Words are announced with the first audible frame (false) or after the last one (true). */
  readonly lateWords: boolean;
  readonly seed: number;
}

export const HEALTHY: Faults = {
  latencyMs: 0,
  jitterMinMs: 0,
  jitterMs: 0,
  jitterShare: 1,
  stallMs: 0,
  stallAfterMs: 3000,
  cutAfterMs: undefined,
  cutTimes: Number.POSITIVE_INFINITY,
  cutCode: 1006,
  refuseResume: undefined,
  resumeRule: undefined,
  expireAfterMs: undefined,
  goodbyeAfterMs: undefined,
  audioBurstMs: 5000,
  errorAlias: false,
  replyError: 0,
  replyErrorRetryable: true,
  noCancel: false,
  noText: false,
  pace: 1,
  atCapacityTimes: 0,
  badToken: undefined,
  fatalUpdate: false,
  malformedEvery: 0,
  silentReply: 0,
  unspokenReply: 0,
  speed: 1,
  oddBytes: false,
  toolStorm: 0,
  speechAlarmMs: undefined,
  leadMs: undefined,
  lateWords: false,
  seed: 1,
};

interface FaultFlag {
  /** For `--help` and the README: unit or choices, then meaning. */
  readonly help: string;
  parse(value: string | undefined): Partial<Faults>;
}

function number(value: string | undefined, fallback: number | undefined, min: number, max = 1e9): number {
  const parsed = value === undefined ? fallback : Number(value);
  if (parsed === undefined || !(parsed >= min && parsed <= max)) {
    throw new RangeError(`needs a number of ${min} … ${max}, got ${value ?? 'none'}`);
  }
  return parsed;
}

function choice<const T extends string>(value: string | undefined, choices: readonly T[]): T {
  const found = value === undefined ? choices[0] : choices.find((known) => known === value);
  if (found === undefined) throw new RangeError(`needs one of ${choices.join(', ')}, got ${value ?? 'none'}`);
  return found;
}

/** Networks as people have them. */
const NETWORKS = {
  wifi: { latencyMs: 10, jitterShare: 0.04, jitterMinMs: 40, jitterMs: 100 },
  bursty: { latencyMs: 20, jitterShare: 0.03, jitterMinMs: 80, jitterMs: 200 },
  '3g': { latencyMs: 120, jitterShare: 0.15, jitterMinMs: 20, jitterMs: 180 },
} as const;

export const FAULT_FLAGS: Readonly<Record<string, FaultFlag>> = {
  network: { help: 'wifi|bursty|3g', parse: (v) => NETWORKS[choice(v, ['wifi', 'bursty', '3g'])] },
  latency: { help: 'MS  every message late', parse: (v) => ({ latencyMs: number(v, 150, 0) }) },
  jitter: { help: 'MS  up to this much later still', parse: (v) => ({ jitterMs: number(v, 80, 0) }) },
  'jitter-min': { help: 'MS  … and at least this', parse: (v) => ({ jitterMinMs: number(v, 0, 0) }) },
  'jitter-share': {
    help: '0..1  … in this share of messages',
    parse: (v) => ({ jitterShare: number(v, 1, 0, 1) }),
  },
  stall: {
    help: 'MS  nothing leaves for so long, then all at once',
    parse: (v) => ({ stallMs: number(v, 400, 0) }),
  },
  'stall-after': {
    help: 'S  when the stall begins',
    parse: (v) => ({ stallAfterMs: number(v, 3, 0) * 1000 }),
  },
  cut: { help: 'S  the connection breaks', parse: (v) => ({ cutAfterMs: number(v, 5, 0) * 1000 }) },
  'cut-times': { help: 'N  … at most so often', parse: (v) => ({ cutTimes: number(v, 1, 0) }) },
  'cut-code': {
    help: 'CODE  … with this close code',
    parse: (v) => ({ cutCode: number(v, 1011, 1000, 4999) }),
  },
  'refuse-resume': {
    help: 'session_not_found|session_forbidden|session_expired',
    parse: (v) => ({
      refuseResume: choice(v, ['session_not_found', 'session_forbidden', 'session_expired']),
    }),
  },
  resume: {
    help: 'token|fresh|refuse  what resumes a session; default: token and fresh',
    parse: (v) => ({ resumeRule: choice(v, ['token', 'fresh', 'refuse']) }),
  },
  expire: {
    help: 'S  the session expires, close 1008',
    parse: (v) => ({ expireAfterMs: number(v, 5, 0) * 1000 }),
  },
  goodbye: {
    help: 'S  the server ends the call: a whole reply at once, then session.ended',
    parse: (v) => ({ goodbyeAfterMs: number(v, 5, 0) * 1000 }),
  },
  'audio-burst': {
    help: 'MS  sound that is further ahead of real time is dropped',
    parse: (v) => ({ audioBurstMs: number(v, 1000, 0) }),
  },
  'error-alias': { help: 'errors have the type "error"', parse: () => ({ errorAlias: true }) },
  'reply-error': {
    help: 'N  the Nth reply fails: reply.error',
    parse: (v) => ({ replyError: number(v, 2, 1) }),
  },
  'reply-error-final': {
    help: '… and says that it makes no sense to try again',
    parse: () => ({ replyErrorRetryable: false }),
  },
  'no-cancel': { help: 'reply.cancel is an unknown type', parse: () => ({ noCancel: true }) },
  'no-text': { help: 'sessions without sound are refused', parse: () => ({ noText: true }) },
  pace: {
    help: 'X  waits, silences and replies are X times shorter (no fault: for tests in a hurry)',
    parse: (v) => ({ pace: number(v, 10, 0.1, 1000) }),
  },
  'at-capacity': { help: 'N  times', parse: (v) => ({ atCapacityTimes: number(v, 1, 0) }) },
  'bad-token': {
    help: 'session|handshake',
    parse: (v) => ({ badToken: choice(v, ['session', 'handshake']) }),
  },
  'fatal-update': { help: 'the first session.update is refused', parse: () => ({ fatalUpdate: true }) },
  malformed: {
    help: 'N  a broken message before every Nth',
    parse: (v) => ({ malformedEvery: number(v, 25, 1) }),
  },
  'silent-reply': { help: 'N  the Nth reply is silent', parse: (v) => ({ silentReply: number(v, 2, 1) }) },
  'unspoken-reply': { help: 'N  … with a transcript', parse: (v) => ({ unspokenReply: number(v, 2, 1) }) },
  speed: { help: 'X  times real time', parse: (v) => ({ speed: number(v, 20, 0.1, 1000) }) },
  'odd-bytes': { help: 'messages of sound of odd sizes', parse: () => ({ oddBytes: true }) },
  'tool-storm': { help: 'N  tool calls at once', parse: (v) => ({ toolStorm: number(v, 5, 1, 100) }) },
  'speech-alarm': {
    help: 'MS  early input.speech.started',
    parse: (v) => ({ speechAlarmMs: number(v, 250, 0) }),
  },
  lead: { help: 'MS  silence before each reply', parse: (v) => ({ leadMs: number(v, 400, 0, 10_000) }) },
  'late-words': { help: 'words after the sound', parse: () => ({ lateWords: true }) },
  seed: { help: 'N  of everything random', parse: (v) => ({ seed: number(v, 1, 0) }) },
};

/**
 * Reads `name`, `name=value` or a list of them with commas between.
 *
 * @throws RangeError that names the fault for an unknown name or a bad value
 */
export function parseFaults(flags: readonly string[], base: Faults = HEALTHY): Faults {
  let faults = base;
  for (const flag of flags.flatMap((list) => list.split(',')).filter((entry) => entry !== '')) {
    const [name, value] = flag.split('=', 2) as [string, string | undefined];
    const known = Object.hasOwn(FAULT_FLAGS, name) ? FAULT_FLAGS[name] : undefined;
    if (!known)
      throw new RangeError(`Unknown fault "${name}"; known are ${Object.keys(FAULT_FLAGS).join(', ')}`);
    try {
      faults = { ...faults, ...known.parse(value) };
    } catch (error) {
      throw new RangeError(`Fault "${name}" ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return faults;
}

/** Counts what happens "n times" across connections; a scope is one test, one page, or the whole agent. */
export class FaultCounters {
  readonly #counts = new Map<string, number>();

  /** True for the first `limit` calls with this scope and event. */
  take(scope: string, event: 'cut' | 'capacity', limit: number): boolean {
    const key = `${event} ${scope}`;
    const count = this.#counts.get(key) ?? 0;
    if (count >= limit) return false;
    this.#counts.set(key, count + 1);
    return true;
  }
}
