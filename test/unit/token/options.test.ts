import { describe, expect, test } from 'vitest';
import { networkOf, optionsFromEnvironment } from '../../../token/index.js';

describe('the options of an environment', () => {
  test('are its variables, those that are set', () => {
    const env = {
      ASSEMBLYAI_API_KEY: ' key ',
      ALLOWED_ORIGINS: 'https://a.example, https://b.example',
      TOKENS_PER_MINUTE: '2',
      TOKENS_PER_MINUTE_IN_ALL: '',
      MAX_SESSION_SECONDS: '120',
      ASSEMBLYAI_REGION: 'eu',
      // Cloudflare's `env` also contains objects.
      BINDING: {},
    };
    expect(optionsFromEnvironment(env)).toEqual({
      apiKey: 'key',
      origins: 'https://a.example, https://b.example',
      perMinute: 2,
      perMinuteInAll: undefined,
      maxSeconds: 120,
      region: 'eu',
      tokenUrl: undefined,
      wsUrl: undefined,
    });
  });

  test.each([
    { TOKENS_PER_MINUTE: 'abc' },
    { TOKENS_PER_MINUTE: '0' },
    { TOKENS_PER_MINUTE_IN_ALL: '1e9' },
    { MAX_SESSION_SECONDS: '15 min' },
  ])('%j is an error that names the variable', (env) => {
    expect(() => optionsFromEnvironment(env)).toThrow(
      new RegExp(`${Object.keys(env)[0]!} must be a whole number`),
    );
  });
});

/** Address → the visitor that it counts as. */
test.each(
  Object.entries({
    '2001:db8:0:7::1': '2001:db8:0:7::/64',
    '2001:0db8::7:ffff:ffff:ffff:ffff': '2001:db8:0:7::/64',
    'fe80::1%eth0': 'fe80:0:0:0::/64',
    '::1': '0:0:0:0::/64',
    '198.51.100.7': '198.51.100.7',
    '::ffff:198.51.100.7': '198.51.100.7',
    '198.51.100.7:50123': '198.51.100.7',
    '[2001:db8:0:7::1]:50123': '2001:db8:0:7::/64',
  }),
)('%s counts as %s: an IPv6 network is one visitor', (address, network) => {
  expect(networkOf(address)).toBe(network);
});
