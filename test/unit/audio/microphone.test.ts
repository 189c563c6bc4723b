import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openMicrophone } from '../../../src/audio/microphone.js';
import { ERRORS } from '../../../src/index.js';

const CHROME =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36';
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0';
const SAFARI =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15';

beforeEach(() => {
  vi.stubGlobal('isSecureContext', true);
  vi.stubGlobal('document', {});
  vi.stubGlobal('origin', 'https://page.example');
});
afterEach(() => vi.unstubAllGlobals());

/**
 * @param permission what the browser answers after the refusal; undefined if it cannot be asked
 * @returns the key of the error
 */
async function refused(
  userAgent: string,
  permission: PermissionState | undefined,
  message = 'Permission denied',
  name = 'NotAllowedError',
): Promise<unknown> {
  const query = (): Promise<unknown> =>
    permission ? Promise.resolve({ state: permission }) : Promise.reject(new TypeError('Unknown name.'));
  const getUserMedia = (): Promise<unknown> => Promise.reject(new DOMException(message, name));
  vi.stubGlobal('navigator', { userAgent, permissions: { query }, mediaDevices: { getUserMedia } });
  return openMicrophone().then(
    () => undefined,
    (error: unknown) => (error as { key: unknown }).key,
  );
}

it('a prompt that was closed is no block, because the browser asks again', async () => {
  expect(await refused(CHROME, 'prompt', 'Permission dismissed')).toBe('microphone_denied/dismissed');
  // After the third time, Chromium blocks the page for a week.
  expect(await refused(CHROME, 'denied', 'Permission dismissed')).toBe('microphone_denied/chrome');
  // Safari does not remember a refusal.
  expect(await refused(SAFARI, 'prompt')).toBe('microphone_denied/dismissed');
  expect(await refused(SAFARI, 'denied')).toBe('microphone_denied/other');
  expect(await refused(SAFARI, undefined)).toBe('microphone_denied/other');
});

it('a refusal in Firefox is a block for an hour, whatever the permission says', async () => {
  for (const state of ['prompt', 'denied', undefined] as const)
    expect(await refused(FIREFOX, state)).toBe('microphone_denied/firefox');
});

it('a block by the system is told as such', async () => {
  expect(await refused(CHROME, 'prompt', 'Permission denied by system')).toBe('microphone_denied/system');
});

it('a sandbox without an origin cannot have the microphone, which only the author can change', async () => {
  vi.stubGlobal('origin', 'null');
  const key = await refused(CHROME, 'granted', 'Invalid security origin', 'SecurityError');
  expect(key).toBe('microphone_denied/frame');
  expect(await refused(FIREFOX, 'denied')).toBe('microphone_denied/frame');
  expect(ERRORS['microphone_denied/frame'].message).toContain('allow-same-origin');
});
