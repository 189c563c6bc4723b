/** The options of a token endpoint, and their validation. */
import { memoryLimits, type TokenLimits } from './limits.js';

/** A region of the service. */
export type TokenRegion = 'us' | 'eu';

/** The options of `createTokenHandler`. */
export interface TokenHandlerOptions {
  /** Your account's key. It stays in this process. Without one, every request is answered with 500. */
  readonly apiKey: string | undefined;
  /**
   * Origins that may request tokens, e.g. `['https://www.example.com']`, including your own; a string is split at
   * commas. Without any, every request is answered with 500.
   */
  readonly origins: string | readonly string[] | undefined;
  /** Tokens per minute for one visitor, 1…10 000. Default 6. */
  readonly perMinute?: number | undefined;
  /** Tokens per minute for all visitors together, 1…10 000. Default 100. */
  readonly perMinuteInAll?: number | undefined;
  /**
   * Maximum length of a conversation in seconds, 60…10 800, which the service is asked to enforce. It was observed not
   * to: set `max-duration` on the page, too. Default 900.
   */
  readonly maxSeconds?: number | undefined;
  /** The region of conversations and agents. Default: the region nearest to this server. */
  readonly region?: TokenRegion | undefined;
  /**
   * Whether this visitor may talk, in addition to the other rules: false (or nothing) refuses with 403. A string or a
   * number identifies the visitor, e.g. by a user id, and is limited in addition to the address.
   */
  readonly authorize?: ((request: Request) => Authorization | Promise<Authorization>) | undefined;
  /**
   * The visitor's address, if the runtime does not provide it: from a header that your own proxy overwrites, and no
   * other.
   */
  readonly address?: ((request: Request, context: unknown) => string | null | undefined) | undefined;
  /** Where tokens are counted. Default: in this process. */
  readonly limits?: TokenLimits | undefined;
  /** The token endpoint of another service: `https:`, because the key is sent there; `http:` on this machine only. */
  readonly tokenUrl?: string | undefined;
  /** Address of that service's conversations, passed to the page: `wss:`; `ws:` on this machine only. */
  readonly wsUrl?: string | undefined;
}

/** What `authorize` answers: no, yes, or who the visitor is. */
export type Authorization = boolean | string | number | null | undefined;

/** Options with every default filled in. */
export interface TokenSettings {
  readonly apiKey: string | undefined;
  readonly origins: readonly string[];
  readonly perMinute: number;
  readonly perMinuteInAll: number;
  readonly maxSeconds: number;
  readonly authorize: TokenHandlerOptions['authorize'];
  readonly address: TokenHandlerOptions['address'];
  readonly limits: TokenLimits;
  readonly tokenUrl: string;
  readonly wsUrl: string | undefined;
}

/**
 * Throws for invalid options at once. Missing ones are reported at the first request, because a build runs without
 * secrets.
 *
 * @throws {RangeError} an invalid origin, limit or address
 */
export function settingsOf(options: TokenHandlerOptions): TokenSettings {
  const { region, tokenUrl, wsUrl } = options;
  if (region !== undefined && !(['us', 'eu'] as const).includes(region))
    throw new RangeError('region: use "us" or "eu".');
  const host = `agents.${region ? `${region}.` : ''}assemblyai.com`;
  return {
    apiKey: options.apiKey?.trim() || undefined,
    origins: originsOf(options.origins),
    perMinute: wholeNumber('perMinute', options.perMinute ?? 6, TOKENS),
    perMinuteInAll: wholeNumber('perMinuteInAll', options.perMinuteInAll ?? 100, TOKENS),
    maxSeconds: wholeNumber('maxSeconds', options.maxSeconds ?? 900, SECONDS),
    authorize: options.authorize,
    address: options.address,
    limits: options.limits ?? memoryLimits(),
    tokenUrl: secureAddress('tokenUrl', tokenUrl || `https://${host}/v1/token`, 'http'),
    // A token of one region cannot open a conversation in the other.
    wsUrl: wsUrl ? secureAddress('wsUrl', wsUrl, 'ws') : region && `wss://${host}/v1/ws`,
  };
}

function originsOf(given: TokenHandlerOptions['origins']): string[] {
  const list = typeof given === 'string' ? given.split(',') : (given ?? []);
  const origins = list.map((each) => each.trim()).filter((each) => each !== '');
  for (const each of origins)
    if (!URL.canParse(each) || new URL(each).origin !== each)
      throw new RangeError(`origins: "${each}" is not an origin such as https://www.example.com`);
  return origins;
}

const LOOPBACK = /^((.+\.)?localhost|127(\.\d+){3}|\[::1\])$/;

/** Over an unencrypted connection, anyone in between could read the key or the token. */
function secureAddress(name: string, value: string, scheme: 'http' | 'ws'): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const isHere = url?.protocol === `${scheme}:` && LOOPBACK.test(url.hostname);
  if (isHere || url?.protocol === `${scheme}s:`) return value;
  throw new RangeError(`${name} must be a ${scheme}s: URL; only on this machine may it be ${scheme}:.`);
}

type Range = readonly [least: number, most: number];
const TOKENS: Range = [1, 10_000];
const SECONDS: Range = [60, 10_800];

function wholeNumber(name: string, value: number, [least, most]: Range): number {
  // NaN would be no limit at all.
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new RangeError(`${name} must be a whole number from ${least} to ${most}.`);
}

/**
 * Reads the options from environment variables: `ASSEMBLYAI_API_KEY`, `ALLOWED_ORIGINS` (separated by commas),
 * `TOKENS_PER_MINUTE`, `TOKENS_PER_MINUTE_IN_ALL`, `MAX_SESSION_SECONDS`, `ASSEMBLYAI_REGION`, and, for another
 * service, `ASSEMBLYAI_TOKEN_URL` and `ASSEMBLYAI_WS_URL`.
 *
 * @param env `process.env`, `Deno.env.toObject()`, Cloudflare's `env`, …
 * @throws {RangeError} when the handler is created: a variable that cannot be used
 */
export function optionsFromEnvironment(env: object): TokenHandlerOptions {
  const text = (name: string): string | undefined => {
    const value = (env as Readonly<Record<string, unknown>>)[name];
    return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
  };
  const number = (name: string, range: Range): number | undefined => {
    const value = text(name);
    return value === undefined ? undefined : wholeNumber(name, Number(value), range);
  };
  return {
    apiKey: text('ASSEMBLYAI_API_KEY'),
    origins: text('ALLOWED_ORIGINS'),
    perMinute: number('TOKENS_PER_MINUTE', TOKENS),
    perMinuteInAll: number('TOKENS_PER_MINUTE_IN_ALL', TOKENS),
    maxSeconds: number('MAX_SESSION_SECONDS', SECONDS),
    region: text('ASSEMBLYAI_REGION') as TokenRegion | undefined,
    tokenUrl: text('ASSEMBLYAI_TOKEN_URL'),
    wsUrl: text('ASSEMBLYAI_WS_URL'),
  };
}
