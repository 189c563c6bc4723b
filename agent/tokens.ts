/** Temporary tokens, as `GET /v1/token` hands them out. */
import { randomBytes } from 'node:crypto';
import type { Clock } from './clock.js';

/** About what a token of the live service measures. */
const TOKEN_CHARACTERS = 2600;
const MAX_LIFETIME_S = 600;

export class Tokens {
  readonly #expiry = new Map<string, number>();
  readonly #clock: Clock;
  readonly #reusable: boolean;

  /** @param reusable within its lifetime, as the live service was seen to allow; it is documented otherwise */
  constructor(clock: Clock, reusable: boolean) {
    this.#clock = clock;
    this.#reusable = reusable;
  }

  mint(lifetimeSeconds: number): string {
    this.#forgetExpired();
    const token = randomBytes((TOKEN_CHARACTERS / 4) * 3).toString('base64url');
    this.#expiry.set(token, this.#clock.nowMs() + lifetimeSeconds * 1000);
    return token;
  }

  /** True when the token opens a connection now; the token is used up by that, unless tokens are reusable. */
  redeem(token: string | null): boolean {
    if (token === null) return false;
    const expiryMs = this.#expiry.get(token);
    if (expiryMs === undefined || this.#clock.nowMs() >= expiryMs) return false;
    if (!this.#reusable) this.#expiry.delete(token);
    return true;
  }

  #forgetExpired(): void {
    const nowMs = this.#clock.nowMs();
    for (const [token, expiryMs] of this.#expiry) {
      if (nowMs >= expiryMs) this.#expiry.delete(token);
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
