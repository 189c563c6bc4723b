import { afterEach, describe, expect, it, vi } from 'vitest';
import { checkServerUrl, checkTokenUrl } from '../../../src/client/addresses.js';
import { resolveOptions } from '../../../src/client/resolve-options.js';
import { assetUrl } from '../../../src/loading/assets.js';
import { stubAddress } from '../../support/client-page.js';

afterEach(() => vi.unstubAllGlobals());

describe('addresses resolve as fetch() would', () => {
  it('against <base href>', () => {
    stubAddress('https://shop.test/a/page', 'https://cdn.shop.test/app/');
    expect(checkTokenUrl('token').href).toBe('https://cdn.shop.test/app/token');
    expect(checkServerUrl('ws')).toBe('wss://cdn.shop.test/app/ws');
    expect(assetUrl('engine.wasm', 'assets')).toBe('https://cdn.shop.test/app/assets/engine.wasm');
  });

  it('without user and password of a staging site, which fetch() refuses', () => {
    stubAddress('https://shop.test/page', 'https://user:secret@shop.test/page');
    expect(checkTokenUrl('/token').href).toBe('https://shop.test/token');
    expect(assetUrl('engine.wasm', 'assets')).toBe('https://shop.test/assets/engine.wasm');
    expect(checkTokenUrl('https://me:pw@api.shop.test/token').href).toBe('https://api.shop.test/token');
  });

  it('in a srcdoc frame, which has no URL of its own', () => {
    stubAddress('about:srcdoc', 'http://192.168.1.7:8080/page');
    vi.stubGlobal('origin', 'http://192.168.1.7:8080');
    expect(checkTokenUrl('/token').href).toBe('http://192.168.1.7:8080/token');
  });
});

describe('the region of the service', () => {
  const resolve = (options: object) => resolveOptions({ token: 'a-temporary-token', ...options }).serverUrl;

  it('is a short form of server-url, which overrides it', () => {
    stubAddress('https://shop.test/');
    expect(resolve({})).toBe('wss://agents.assemblyai.com/v1/ws');
    expect(resolve({ region: 'eu' })).toBe('wss://agents.eu.assemblyai.com/v1/ws');
    expect(resolve({ region: 'us' })).toBe('wss://agents.us.assemblyai.com/v1/ws');
    expect(resolve({ region: 'eu', serverUrl: 'wss://own.test/ws' })).toBe('wss://own.test/ws');
    expect(() => resolve({ region: 'asia' })).toThrow('region');
  });

  it.each(['', 'us.', 'eu.'])('needs a token and refuses a key at agents.%sassemblyai.com', (region) => {
    stubAddress('https://shop.test/');
    const serverUrl = `wss://agents.${region}assemblyai.com/v1/ws`;
    expect(() => resolveOptions({ serverUrl })).toThrow('no way to get a token');
    const key = '0123456789abcdef0123456789abcdef';
    expect(() => resolveOptions({ serverUrl: `${serverUrl}?token=${key}` })).toThrow('API key');
    expect(() => resolveOptions({ serverUrl, token: key })).toThrow('API key');
  });

  it('is mentioned in the hint for an unknown agent', async () => {
    const { errorData } = await import('../../../src/errors.js');
    expect(errorData({ code: 'agent_not_found', message: 'No.' }, true).hint).toContain('region="eu"');
  });
});
