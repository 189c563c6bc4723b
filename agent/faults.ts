/** Simulated failures as data, parsed from flags (`--fault cut=5`) and queries (`?fault=cut=5,latency=80`). */

/** What resumes a session: its own `resume_token`, a fresh token, or nothing. */
export type ResumeRule = 'token' | 'fresh' | 'refuse';
export type ResumeRefusal = 'session_not_found' | 'session_forbidden' | 'session_expired';
export type BadToken = 'session' | 'handshake';

/** The failures to simulate. The table in README.md has their names as flags. */
export interface Faults {
  /** Delay of every message of the server. */
  readonly latencyMs: number;
  /** Additional random delay, for the share of messages below. Messages stay in order, as over TCP. */
  readonly jitterMinMs: number;
  readonly jitterMs: number;
  /** 0…1 */
  readonly jitterShare: number;
  /** The server sends nothing for this long, then everything at once. */
  readonly stallMs: number;
  /** Start of the stall, from `session.ready`. */
  readonly stallAfterMs: number;
  /** Every connection drops this long after `session.ready`. */
  readonly cutAfterMs: number | undefined;
  /** Maximum number of drops, counted per scope. */
  readonly cutTimes: number;
  /** Close code of the drop; with 1006 there is no close frame. */
  readonly cutCode: number;
  readonly refuseResume: ResumeRefusal | undefined;
  /** Undefined: both kinds of token are accepted. */
  readonly resumeRule: ResumeRule | undefined;
  /** The session ends with `session_expired` and close 1008 this long after `session.ready`. */
  readonly expireAfterMs: number | undefined;
  /** This long after `session.ready`, the server sends a whole reply at once, then `session.ended`. */
  readonly endAfterMs: number | undefined;
  /** Audio further ahead of real time than this is dropped. */
  readonly audioBurstMs: number;
  /** Errors have the type `error` instead of `session.error`. */
  readonly errorAlias: boolean;
  /** The nth reply fails with `reply.error`; 0 for none. */
  readonly replyError: number;
  /** Whether that error says `retryable`. */
  readonly replyErrorRetryable: boolean;
  /** `reply.cancel` is an unknown type. */
  readonly noCancel: boolean;
  /** Sessions without audio are refused. */
  readonly noText: boolean;
  /** Divides delays, silences and the length of replies; 1 is real time. */
  readonly pace: number;
  /** The first n connections are answered `at_capacity`; counted per scope. */
  readonly atCapacityTimes: number;
  /** The token is refused after the upgrade (as observed) or during it (as documented). */
  readonly badToken: BadToken | undefined;
  /** The first `session.update` is refused, with close 1008. */
  readonly fatalUpdate: boolean;
  /** One broken or unknown message before every nth message; 0 for none. */
  readonly malformedEvery: number;
  /** The nth reply, counting the greeting, is silence without a transcript; 0 for none. */
  readonly silentReply: number;
  /** The nth reply is silence, but has a transcript; 0 for none. */
  readonly unspokenReply: number;
  /** Replies are sent this many times faster than real time; 1 is normal. */
  readonly speed: number;
  /** Audio messages end in the middle of a sample (PCM) and vary in size (G.711). */
  readonly oddBytes: boolean;
  /** The second reply calls this many tools at once, known and unknown. */
  readonly toolStorm: number;
  /** During a reply, `input.speech.started` is sent this long after the onset, before the interruption is decided. */
  readonly speechAlarmMs: number | undefined;
  /** Silence at the start of every reply; undefined: 0.2 … 0.8 s, seeded. */
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
  endAfterMs: undefined,
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
    throw new RangeError(`needs a number from ${min} to ${max}, got ${value ?? 'none'}`);
  }
  return parsed;
}

function choice<const T extends string>(value: string | undefined, choices: readonly T[]): T {
  const found = value === undefined ? choices[0] : choices.find((known) => known === value);
  if (found === undefined) throw new RangeError(`needs one of ${choices.join(', ')}, got ${value ?? 'none'}`);
  return found;
}

/** Typical networks. */
const NETWORKS = {
  wifi: { latencyMs: 10, jitterShare: 0.04, jitterMinMs: 40, jitterMs: 100 },
  bursty: { latencyMs: 20, jitterShare: 0.03, jitterMinMs: 80, jitterMs: 200 },
  '3g': { latencyMs: 120, jitterShare: 0.15, jitterMinMs: 20, jitterMs: 180 },
} as const;

export const FAULT_FLAGS: Readonly<Record<string, FaultFlag>> = {
  network: { help: 'wifi|bursty|3g', parse: (v) => NETWORKS[choice(v, ['wifi', 'bursty', '3g'])] },
  latency: { help: 'MS  delay of every message', parse: (v) => ({ latencyMs: number(v, 150, 0) }) },
  jitter: { help: 'MS  random extra delay, at most', parse: (v) => ({ jitterMs: number(v, 80, 0) }) },
  'jitter-min': { help: 'MS  … and at least', parse: (v) => ({ jitterMinMs: number(v, 0, 0) }) },
  'jitter-share': {
    help: '0..1  … for this share of messages',
    parse: (v) => ({ jitterShare: number(v, 1, 0, 1) }),
  },
  stall: {
    help: 'MS  no messages for this long, then all at once',
    parse: (v) => ({ stallMs: number(v, 400, 0) }),
  },
  'stall-after': {
    help: 'S  when the stall begins',
    parse: (v) => ({ stallAfterMs: number(v, 3, 0) * 1000 }),
  },
  cut: { help: 'S  the connection drops', parse: (v) => ({ cutAfterMs: number(v, 5, 0) * 1000 }) },
  'cut-times': { help: 'N  … at most N times', parse: (v) => ({ cutTimes: number(v, 1, 0) }) },
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
  end: {
    help: 'S  the server ends the call: a whole reply at once, then session.ended',
    parse: (v) => ({ endAfterMs: number(v, 5, 0) * 1000 }),
  },
  'audio-burst': {
    help: 'MS  audio further ahead of real time is dropped',
    parse: (v) => ({ audioBurstMs: number(v, 1000, 0) }),
  },
  'error-alias': { help: 'errors have the type "error"', parse: () => ({ errorAlias: true }) },
  'reply-error': {
    help: 'N  the Nth reply fails with reply.error',
    parse: (v) => ({ replyError: number(v, 2, 1) }),
  },
  'reply-error-final': {
    help: '… which is not retryable',
    parse: () => ({ replyErrorRetryable: false }),
  },
  'no-cancel': { help: 'reply.cancel is an unknown type', parse: () => ({ noCancel: true }) },
  'no-text': { help: 'sessions without audio are refused', parse: () => ({ noText: true }) },
  pace: {
    help: 'X  delays, silences and replies X times shorter (not a fault: for fast tests)',
    parse: (v) => ({ pace: number(v, 10, 0.1, 1000) }),
  },
  'at-capacity': {
    help: 'N  the first N connections are rejected',
    parse: (v) => ({ atCapacityTimes: number(v, 1, 0) }),
  },
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
  speed: {
    help: 'X  replies arrive X times faster than real time',
    parse: (v) => ({ speed: number(v, 20, 0.1, 1000) }),
  },
  'odd-bytes': { help: 'audio messages of odd sizes', parse: () => ({ oddBytes: true }) },
  'tool-storm': { help: 'N  tool calls at once', parse: (v) => ({ toolStorm: number(v, 5, 1, 100) }) },
  'speech-alarm': {
    help: 'MS  early input.speech.started',
    parse: (v) => ({ speechAlarmMs: number(v, 250, 0) }),
  },
  lead: { help: 'MS  silence before each reply', parse: (v) => ({ leadMs: number(v, 400, 0, 10_000) }) },
  'late-words': { help: 'words after the audio', parse: () => ({ lateWords: true }) },
  seed: { help: 'N  seed of everything random', parse: (v) => ({ seed: number(v, 1, 0) }) },
};

/**
 * Reads `name`, `name=value`, or several separated by commas.
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

/** Counts faults limited to "the first n", across connections. A scope is one test, one page, or the whole agent. */
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
