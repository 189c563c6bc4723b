/** Temporary tokens like those of `GET /v1/token`. */
import { randomBytes } from 'node:crypto';
import type { Clock } from './clock.js';

/** Each agent, token and session belongs to one region. */
export type Region = 'us' | 'eu';

/** The region by host name: `eu` if it begins with `eu.`, such as `eu.localhost:8787`, otherwise `us`. */
export function regionOf(host: string | undefined): Region {
  return host?.startsWith('eu.') ? 'eu' : 'us';
}

/** Roughly the length of the live service's tokens. */
const TOKEN_CHARACTERS = 2600;
const MAX_LIFETIME_S = 600;

export class Tokens {
  readonly #minted = new Map<string, { readonly expiryMs: number; readonly region: Region }>();
  readonly #clock: Clock;
  readonly #reusable: boolean;

  /** @param reusable within the lifetime: observed on the live service, but documented otherwise */
  constructor(clock: Clock, reusable: boolean) {
    this.#clock = clock;
    this.#reusable = reusable;
  }

  mint(lifetimeSeconds: number, region: Region = 'us'): string {
    this.#forgetExpired();
    const token = randomBytes((TOKEN_CHARACTERS / 4) * 3).toString('base64url');
    this.#minted.set(token, { expiryMs: this.#clock.nowMs() + lifetimeSeconds * 1000, region });
    return token;
  }

  /** Uses up the token, unless tokens are reusable. @returns whether it is valid for a connection */
  redeem(token: string | null, region: Region = 'us'): boolean {
    const minted = token === null ? undefined : this.#minted.get(token);
    if (token === null || !minted || minted.region !== region || this.#clock.nowMs() >= minted.expiryMs)
      return false;
    if (!this.#reusable) this.#minted.delete(token);
    return true;
  }

  #forgetExpired(): void {
    const nowMs = this.#clock.nowMs();
    for (const [token, { expiryMs }] of this.#minted) {
      if (nowMs >= expiryMs) this.#minted.delete(token);
    }
  }
}

export interface TokenQueryProblem {
  readonly loc: readonly ['query', string];
  readonly msg: string;
  readonly type: string;
}

/** Checks the query of `GET /v1/token`; the problems are the body of the 422 answer. */
export function checkTokenQuery(query: URLSearchParams): readonly TokenQueryProblem[] {
  return [
    ...checkSeconds(query, 'expires_in_seconds', 1, MAX_LIFETIME_S, true),
    ...checkSeconds(query, 'max_session_duration_seconds', 60, 10_800, false),
  ];
}

function checkSeconds(
  query: URLSearchParams,
  name: string,
  min: number,
  max: number,
  required: boolean,
): TokenQueryProblem[] {
  const value = query.get(name);
  const loc = ['query', name] as const;
  if (value === null) return required ? [{ loc, msg: 'Field required', type: 'missing' }] : [];
  if (!/^-?\d+$/.test(value)) return [{ loc, msg: 'Input should be a valid integer', type: 'int_parsing' }];
  const seconds = Number(value);
  if (seconds < min) {
    return [{ loc, msg: `Input should be greater than or equal to ${min}`, type: 'greater_than_equal' }];
  }
  if (seconds > max)
    return [{ loc, msg: `Input should be less than or equal to ${max}`, type: 'less_than_equal' }];
  return [];
}
