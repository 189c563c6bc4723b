/** How many tokens may be given within a minute, and to whom. */

const MINUTE_MS = 60_000;

/** One count that a token falls under. */
export interface TokenShare {
  /** Who or what is counted, e.g. `all`, `address:198.51.100.7`, `visitor:user-7`. */
  readonly key: string;
  /** Tokens within a sliding minute, at least 1. */
  readonly most: number;
}

/** Where tokens are counted. One process counts in memory; several need a place that all of them see. */
export interface TokenLimits {
  /**
   * Counts one token under every key, or under none of them when one of the shares is used up. Requests that come at
   * the same moment must be counted one after the other.
   *
   * @returns whether the token may be given. A rejection refuses it, too.
   */
  take(shares: readonly TokenShare[]): boolean | Promise<boolean>;
}

/** A token that was given: when, and under which keys it counts. Plain data, so that a store can keep it. */
export interface TakenToken {
  readonly atMs: number;
  readonly keys: readonly string[];
}

/**
 * The rule itself, for stores that keep a list.
 *
 * @param taken what was taken so far, oldest first
 * @param nowMs milliseconds since 1970
 * @returns the list to keep, without what is older than a minute; undefined when a share is used up
 */
export function takeShares(
  taken: readonly TakenToken[],
  shares: readonly TokenShare[],
  nowMs: number,
): readonly TakenToken[] | undefined {
  // A clock that was set back must not keep a visitor out for longer than a minute.
  const recent = taken.filter(({ atMs }) => atMs > nowMs - MINUTE_MS && atMs <= nowMs);
  const isUsedUp = ({ key, most }: TokenShare): boolean =>
    recent.filter(({ keys }) => keys.includes(key)).length >= most;
  if (shares.some(isUsedUp)) return undefined;
  return [...recent, { atMs: nowMs, keys: shares.map(({ key }) => key) }];
}

/**
 * Counts in this process. Holds no more entries than all visitors together may have in a minute.
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

/** Runs as one step in Redis, whose clock counts: those of several machines differ. */
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
 * Counts in Redis 5 or later (Valkey, Upstash), for several machines. Every entry is gone after a minute.
 *
 * @param evaluate runs a script with the client at hand:
 *   node-redis `(script, keys, args) => client.eval(script, { keys, arguments: args })`,
 *   ioredis `(script, keys, args) => client.eval(script, keys.length, ...keys, ...args)`,
 *   Upstash `(script, keys, args) => client.eval(script, keys, args)`
 * @param prefix of the keys, where several sites share one Redis
 */
export function redisLimits(
  evaluate: (script: string, keys: string[], args: string[]) => Promise<unknown>,
  prefix = 'voice-token',
): TokenLimits {
  return {
    async take(shares) {
      // In braces: a cluster keeps all of them in one place.
      const keys = shares.map(({ key }) => `{${prefix}}:${key}`);
      const mosts = shares.map(({ most }) => String(most));
      return Number(await evaluate(TAKE, keys, [crypto.randomUUID(), ...mosts])) === 1;
    },
  };
}
