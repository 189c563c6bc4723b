/** Limits for tokens per minute, for each visitor and in total. */

const MINUTE_MS = 60_000;

/** A limit that a token counts against. */
export interface TokenShare {
  /** The key of the counter, e.g. `all`, `address:198.51.100.7`, `visitor:user-7`. */
  readonly key: string;
  /** Tokens per sliding minute, at least 1. */
  readonly most: number;
}

/** Where tokens are counted. One process counts in memory; several need a shared store. */
export interface TokenLimits {
  /**
   * Counts one token under every key, or under none if one of the limits is reached. Simultaneous requests must be
   * counted one after another.
   *
   * @returns whether the token may be issued. A rejection refuses it, too.
   */
  take(shares: readonly TokenShare[]): boolean | Promise<boolean>;
}

/** An issued token: when, and under which keys it counts. Plain data, so that a store can keep it. */
export interface TakenToken {
  /** Milliseconds since 1970. */
  readonly atMs: number;
  readonly keys: readonly string[];
}

/**
 * The counting rule, for stores that keep a list.
 *
 * @param taken earlier tokens, oldest first
 * @param nowMs milliseconds since 1970
 * @returns the list to keep, without entries older than a minute; undefined if a limit is reached
 */
export function takeShares(
  taken: readonly TakenToken[],
  shares: readonly TokenShare[],
  nowMs: number,
): readonly TakenToken[] | undefined {
  // A clock that was set back must not lock a visitor out for longer than a minute.
  const recent = taken.filter(({ atMs }) => atMs > nowMs - MINUTE_MS && atMs <= nowMs);
  const isUsedUp = ({ key, most }: TokenShare): boolean =>
    recent.filter(({ keys }) => keys.includes(key)).length >= most;
  if (shares.some(isUsedUp)) return undefined;
  return [...recent, { atMs: nowMs, keys: shares.map(({ key }) => key) }];
}

/**
 * Counts in this process. Keeps at most as many entries as all visitors together may take per minute.
 *
 * @param now milliseconds since 1970
 */
export function memoryLimits(now: () => number = Date.now): TokenLimits {
  let taken: readonly TakenToken[] = [];
  return {
    take(shares) {
      const next = takeShares(taken, shares, now());
      if (next) taken = next;
      return next !== undefined;
    },
  };
}

/** Runs atomically in Redis and uses its clock, because the clocks of several machines differ. */
const TAKE = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for index, key in ipairs(KEYS) do
  redis.call('ZREMRANGEBYSCORE', key, '-inf', now - ${MINUTE_MS})
  if redis.call('ZCARD', key) >= tonumber(ARGV[index + 1]) then return 0 end
end
for _, key in ipairs(KEYS) do
  redis.call('ZADD', key, now, ARGV[1])
  redis.call('PEXPIRE', key, ${MINUTE_MS})
end
return 1`;

/**
 * Counts in Redis 5 or later (Valkey, Upstash), for several machines. Every entry expires after a minute.
 *
 * @param evaluate runs a script with your client: node-redis `(script, keys, args) => client.eval(script, { keys,
 * arguments: args })`, ioredis `(script, keys, args) => client.eval(script, keys.length, ...keys, ...args)`, Upstash
 * `(script, keys, args) => client.eval(script, keys, args)`
 * @param prefix of the keys, if several sites share one Redis
 */
export function redisLimits(
  evaluate: (script: string, keys: string[], args: string[]) => Promise<unknown>,
  prefix = 'voice-token',
): TokenLimits {
  return {
    async take(shares) {
      // In braces, so that a cluster keeps them on one node.
      const keys = shares.map(({ key }) => `{${prefix}}:${key}`);
      const mosts = shares.map(({ most }) => String(most));
      return Number(await evaluate(TAKE, keys, [crypto.randomUUID(), ...mosts])) === 1;
    },
  };
}
