import { afterEach, expect, it, vi } from 'vitest';
import { saveFile } from '../../../components/extras/save-file.js';

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

it('the URL of a file stays valid while a phone asks where to save it, and is revoked later', () => {
  vi.useFakeTimers();
  const link = { href: '', download: '', click: vi.fn() };
  vi.stubGlobal('document', { createElement: () => link });
  const revoke = vi.spyOn(URL, 'revokeObjectURL');
  saveFile('conversation.txt', new Blob(['Hello.']));
  expect(link).toMatchObject({
    href: expect.stringMatching(/^blob:/) as string,
    download: 'conversation.txt',
  });
  expect(link.click).toHaveBeenCalledOnce();
  vi.advanceTimersByTime(30_000);
  expect(revoke).not.toHaveBeenCalled();
  vi.advanceTimersByTime(60_000);
  expect(revoke.mock.calls).toEqual([[link.href]]);
});
