import { describe, expect, it } from 'vitest';
import type { ErrorKey } from '../../../src/error-catalogue.js';
import { errorData, VoiceAgentError } from '../../../src/errors.js';
import {
  errorOf,
  judge,
  retryDelayMs,
  type ConnectionEnd,
  type Verdict,
} from '../../../src/session/reconnect.js';

function end(parts: Partial<ConnectionEnd> & { code?: string; failed?: ErrorKey } = {}): ConnectionEnd {
  const { code, failed, ...rest } = parts;
  return {
    opened: true,
    wasReady: false,
    closeCode: 1006,
    serverError: code === undefined ? undefined : { code, message: 'The server’s words.' },
    failure: failed === undefined ? undefined : VoiceAgentError.fatal(failed),
    ...rest,
  };
}

describe('how a connection ended', () => {
  it.each<[string, ConnectionEnd, Verdict, string]>([
    // what                                 the end                                    verdict           the page's error
    ['the network broke', end(), 'retry', 'connection_lost'],
    ['going away', end({ closeCode: 1001 }), 'retry', 'connection_lost'],
    ['no code', end({ closeCode: 1005 }), 'retry', 'connection_lost'],
    ['internal error', end({ closeCode: 1011 }), 'retry', 'connection_lost'],
    ['restart', end({ closeCode: 1012 }), 'retry', 'connection_lost'],
    ['try later', end({ closeCode: 1013 }), 'retry', 'connection_lost'],
    ['without session.ended', end({ closeCode: 1000 }), 'retry', 'connection_lost'],
    ['policy, without a word', end({ closeCode: 1008 }), 'new-token', 'unauthorized'],
    ['an unknown code', end({ closeCode: 4321 }), 'fatal', 'connection_lost'],
    ['no handshake', end({ opened: false }), 'new-token', 'connection_failed'],
    ['unauthorized', end({ code: 'unauthorized', closeCode: 1008 }), 'new-token', 'unauthorized'],
    ['at capacity', end({ code: 'at_capacity', closeCode: 1013 }), 'retry', 'at_capacity'],
    ['concurrency', end({ code: 'concurrency_exceeded', closeCode: 1008 }), 'retry', 'concurrency_exceeded'],
    ['internal', end({ code: 'internal_error', closeCode: 1011 }), 'retry', 'internal_error'],
    ['server', end({ code: 'server_error', closeCode: 1011 }), 'retry', 'server_error'],
    [
      'no such session',
      end({ code: 'session_not_found', closeCode: 1008 }),
      'resume-refused',
      'session_not_found',
    ],
    ['not yours', end({ code: 'session_forbidden', closeCode: 1008 }), 'resume-refused', 'session_forbidden'],
    ['expired', end({ code: 'session_expired', closeCode: 1008 }), 'resume-refused', 'session_expired'],
    ['a bad update', end({ code: 'invalid_value', closeCode: 1008 }), 'fatal', 'invalid_value'],
    ['no such agent', end({ code: 'agent_not_found', closeCode: 1008 }), 'fatal', 'agent_not_found'],
    [
      'a code of next year',
      end({ code: 'quota_of_next_year', closeCode: 1008 }),
      'fatal',
      'quota_of_next_year',
    ],
    ['no answer', end({ failed: 'connection_timeout' }), 'retry', 'connection_timeout'],
    ['never ready', end({ failed: 'ready_timeout' }), 'retry', 'ready_timeout'],
    ['no token', end({ failed: 'token_failed/endpoint' }), 'retry', 'token_failed'],
    ['a late token', end({ failed: 'token_timeout' }), 'retry', 'token_timeout'],
    ['a refused token request', end({ failed: 'token_refused' }), 'fatal', 'token_refused'],
    ['nonsense', end({ failed: 'protocol_error/flood' }), 'fatal', 'protocol_error'],
  ])('%s', (_what, ended, verdict, code) => {
    expect(judge(ended)).toBe(verdict);
    expect(errorData(errorOf(ended, false), true)).toMatchObject({ code, fatal: true });
  });

  it('a handshake that a reachable host refuses means a bad token', () => {
    expect(errorOf(end({ opened: false }), true)).toEqual({ key: 'unauthorized' });
  });
});

describe('the pause before the next attempt', () => {
  it('is none at first, then doubles up to a limit', () => {
    const longest = Array.from({ length: 9 }, (_, attempt) => retryDelayMs(attempt, 1));
    expect(longest).toEqual([0, 500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000, 8_000]);
  });

  it('is randomized over half of its length, so that many pages do not return at once', () => {
    expect(retryDelayMs(4, 0)).toBe(2_000);
    expect(retryDelayMs(4, 0.5)).toBe(3_000);
    expect(retryDelayMs(4, 1)).toBe(4_000);
  });
});
