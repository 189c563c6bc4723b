import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { VoiceAgentOptions } from '../../../src/client/options.js';
import { checkTokenUrl, refuseApiKey } from '../../../src/client/addresses.js';
import { checkUpdate, resolveOptions } from '../../../src/client/resolve-options.js';
import { VoiceAgentError } from '../../../src/errors.js';
import { stubAddress } from '../../support/client-page.js';

beforeEach(() => {
  stubAddress('https://shop.test/page');
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const TOKEN = { token: 'eyJhbGciOiJIUzI1NiJ9.a-temporary-token' };
const resolve = (options: VoiceAgentOptions) => resolveOptions({ ...TOKEN, ...options });
function refusal(action: () => unknown): VoiceAgentError {
  try {
    action();
  } catch (error) {
    if (error instanceof VoiceAgentError) return error;
    throw error;
  }
  throw new Error('It was accepted.');
}

describe('options', () => {
  it('have defaults that work and protect the bill', () => {
    expect(resolve({})).toEqual({
      serverUrl: 'wss://agents.assemblyai.com/v1/ws',
      session: {
        config: {
          input: { format: { encoding: 'audio/pcm' } },
          output: { format: { encoding: 'audio/pcm' } },
        },
        formats: { input: 'audio/pcm', output: 'audio/pcm' },
        toolTiming: 'after-reply',
        bargeIn: 'instant',
        maxDurationMs: 900_000,
        idleTimeoutMs: 60_000,
      },
    });
  });

  it('take agent_id inside sessionConfig like agent-id', () => {
    expect(resolve({ sessionConfig: { agent_id: 'a-1' } }).session.config).toEqual({ agent_id: 'a-1' });
    expect(() => resolve({ greeting: 'Hi.', sessionConfig: { agent_id: 'a-1' } })).toThrow('greeting');
  });

  it('become the session; named options override sessionConfig', () => {
    const { session } = resolve({
      systemPrompt: 'P',
      greeting: 'G',
      voice: 'alba',
      outputEncoding: 'audio/pcmu',
      maxDuration: 0,
      idleTimeout: 1.5,
      toolTiming: 'immediate',
      sessionConfig: { system_prompt: 'other', input: { keyterms: ['k'] }, output: { volume: 3 }, tools: [] },
    });
    expect(session).toMatchObject({ toolTiming: 'immediate', maxDurationMs: 0, idleTimeoutMs: 1_500 });
    expect(session.config).toEqual({
      system_prompt: 'P',
      greeting: 'G',
      input: { keyterms: ['k'], format: { encoding: 'audio/pcm' } },
      output: { volume: 3, voice: 'alba', format: { encoding: 'audio/pcmu' } },
      tools: [],
    });
  });

  it('select a stored agent without other fields', () => {
    expect(resolve({ agentId: 'a-1' }).session.config).toEqual({ agent_id: 'a-1' });
    expect(resolve({ sessionConfig: { agent_id: 'a-1' } }).session.config).toEqual({ agent_id: 'a-1' });
    expect(refusal(() => resolve({ greeting: 'Hi', sessionConfig: { agent_id: 'a-1' } }))).toMatchObject({
      code: 'invalid_option',
    });
    expect(refusal(() => resolve({ agentId: 'a-1', greeting: 'Hi' }))).toMatchObject({
      code: 'invalid_option',
    });
    expect(refusal(() => resolve({ agentId: 'a-1', sessionConfig: { tools: [] } })).hint).toContain('tools');
  });

  it.each<[string, VoiceAgentOptions]>([
    ['input-encoding', { inputEncoding: 'audio/mp3' as never }],
    ['output-encoding', { outputEncoding: 'toString' as never }],
    ['volume', { volume: 1.01 }],
    ['volume', { volume: NaN }],
    ['max-duration', { maxDuration: -1 }],
    ['max-duration', { maxDuration: NaN }],
    ['idle-timeout', { idleTimeout: Infinity }],
    ['input-mode', { inputMode: 'morse' as never }],
    ['tool-timing', { toolTiming: 'later' as never }],
    ['server-url', { serverUrl: 'http://agents.test' }],
    ['server-url', { serverUrl: 'ws://agents.test/v1/ws' }],
    ['server-url', { serverUrl: 'ws://127.0.0.1.evil.test/v1/ws' }],
    ['server-url', { serverUrl: 'javascript:alert(1)' }],
    ['server-url', { serverUrl: 'wss://' }],
    ['greeting', { greeting: 5 as never }],
    ['system-prompt', { systemPrompt: {} as never }],
    ['agent-id', { agentId: 7 as never }],
    ['tools', { tools: 'x' as never }],
    ['tools', { tools: {} as never }],
    ['tools', { tools: [null] as never }],
    ['tools', { tools: ['x'] as never }],
    ['sessionConfig', { sessionConfig: 'a' as never }],
    ['sessionConfig', { sessionConfig: [] as never }],
    ['variables', { variables: 3 as never }],
    ['getToken', { getToken: 'token' as never }],
    ['volume', { volume: 'abc' as never }],
    ['token-url', { tokenUrl: 'http://tokens.test/' }],
    ['token-url', { tokenUrl: 'data:,{"token":"x"}' }],
  ])('that are invalid are refused by name: %s, %j', (name, options) => {
    const error = refusal(() => resolve(options));
    expect(error).toMatchObject({ code: 'invalid_option', fatal: true });
    expect(error.message).toContain(name);
    expect(error.hint).not.toBe('');
  });

  it.each([
    'ws://localhost:8787/v1/ws',
    'ws://127.0.0.1:1/',
    'ws://[::1]:9/',
    'ws://agent.localhost/',
    'wss://own.test/',
  ])('may point at %s', (serverUrl) => {
    expect(resolve({ serverUrl }).serverUrl).toBe(serverUrl);
  });

  it('may be a URL where they are an address', () => {
    const tokenUrl = new URL('https://tokens.test/') as never;
    expect(resolve({ tokenUrl, serverUrl: new URL('wss://own.test/') as never }).serverUrl).toBe(
      'wss://own.test/',
    );
  });

  it('need a source of tokens for the service, but not for the page’s own server', () => {
    expect(refusal(() => resolveOptions({}))).toMatchObject({ code: 'token_missing' });
    expect(resolveOptions({ serverUrl: 'wss://own.test/ws' }).serverUrl).toBe('wss://own.test/ws');
  });

  it('never show password or query of a URL in an error', () => {
    const error = refusal(() => resolve({ serverUrl: 'ws://me:pass@far.test/ws?token=secret' }));
    expect(error.message).not.toMatch(/secret|pass/);
  });
});

describe('a token', () => {
  const keys = ['0123456789abcdef0123456789ABCDEF', 'sk-live-1234', 'sk_1234', 'key-1', 'API_abc'];

  it.each(keys)('that looks like an API key is refused, with a hint: %s', (token) => {
    const error = refusal(() => resolve({ token }));
    expect(error).toMatchObject({ code: 'api_key_in_page', fatal: true });
    expect(error.hint).toContain('token-url');
    expect(JSON.stringify(error.toData())).not.toContain(token);
  });

  it('is refused in every form and position', () => {
    const key = '0123456789abcdef0123456789abcdef';
    for (const token of [` ${key}\n`, `Bearer ${key}`])
      expect(refusal(() => resolve({ token }))).toMatchObject({ code: 'api_key_in_page' });
    expect(refusal(() => resolve({ token: key, tokenUrl: '/t' }))).toMatchObject({ code: 'api_key_in_page' });
    const getToken = () => Promise.resolve('t');
    expect(refusal(() => resolve({ token: key, getToken }))).toMatchObject({ code: 'api_key_in_page' });
    expect(refusal(() => resolve({ serverUrl: `wss://a.test/ws?token=${key}` }))).toMatchObject({
      code: 'api_key_in_page',
    });
  });

  it('is sent to an encrypted server, or one on this computer, even if the page is neither', () => {
    stubAddress('http://192.168.1.7:8080/');
    expect(refusal(() => resolve({ serverUrl: '/v1/ws' }))).toMatchObject({ code: 'invalid_option' });
    stubAddress('https://shop.test/');
    expect(resolve({ serverUrl: '/v1/ws' }).serverUrl).toBe('wss://shop.test/v1/ws');
    stubAddress('http://localhost:5173/');
    expect(resolve({ serverUrl: '/v1/ws' }).serverUrl).toBe('ws://localhost:5173/v1/ws');
  });

  it('that is temporary is accepted', () => {
    expect(() => refuseApiKey('eyJhbGciOi.J9.x'.repeat(170))).not.toThrow();
    expect(() => refuseApiKey('a-token')).not.toThrow();
  });

  it.each([
    'https://tokens.test/mint',
    'https://shop.test/t',
    'http://localhost:3000/t',
    'http://127.0.0.1/t',
    '/t',
  ])('can be fetched from %s', (address) => {
    expect(checkTokenUrl(address).protocol).toMatch(/^https?:$/);
  });

  it('can be fetched from the page’s own server even if that is not encrypted', () => {
    stubAddress('http://192.168.1.7:8080/');
    expect(checkTokenUrl('/t').href).toBe('http://192.168.1.7:8080/t');
    expect(refusal(() => checkTokenUrl('http://192.168.1.8/t'))).toMatchObject({ code: 'invalid_option' });
  });
});

describe('a change during a call', () => {
  it.each([
    { system_prompt: 'P' },
    { tools: [] },
    { input: { keyterms: ['k'], turn_detection: { min_silence: 300 } } },
    { output: { volume: 5 } },
    { a_field_of_next_year: 1 },
  ])('may be %j', (config) => {
    expect(() => checkUpdate(config)).not.toThrow();
  });

  it.each([
    [{ greeting: 'Hi' }, 'greeting'],
    [{ agent_id: 'a' }, 'agent_id'],
    [{ output: { voice: 'alba' } }, 'output.voice'],
    [{ output: { format: { encoding: 'audio/pcm' as const } } }, 'output.format'],
    [{ input: { format: { encoding: 'audio/pcm' as const } } }, 'input.format'],
  ])('must not be %j', (config, field) => {
    const error = refusal(() => checkUpdate(config));
    expect(error).toMatchObject({ code: 'immutable_field', fatal: false });
    expect(error.message).toContain(field);
  });
});
