import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createSessionHost, prepareSessionHost } from '../../../src/client/session-host.js';
import { version } from '../../../src/index.js';
import { ALIVE_MS } from '../../../src/worker/bridge.js';

/** It starts, and is never heard of again. */
class DyingWorker {
  static latest: DyingWorker;
  static version = version;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onerror = null;
  readonly postMessage = (): void => undefined;
  isTerminated = false;
  readonly terminate = (): void => void (this.isTerminated = true);

  constructor() {
    DyingWorker.latest = this;
    queueMicrotask(() => this.tell(DyingWorker.version));
  }

  tell(release: string): void {
    this.onmessage?.({ data: { type: 'running', version: release } });
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('Worker', DyingWorker);
  DyingWorker.version = version;
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('a Worker that dies while the browser asks for the microphone is reported when the call connects', async () => {
  const host = await createSessionHost();
  await vi.advanceTimersByTimeAsync(20 * ALIVE_MS);
  const died = vi.fn();
  host.ondied = died;
  await vi.advanceTimersByTimeAsync(ALIVE_MS);
  expect(died).toHaveBeenCalled();
  host.close();
  died.mockClear();
  await vi.advanceTimersByTimeAsync(20 * ALIVE_MS);
  expect(died).not.toHaveBeenCalled();
});

it('a Worker has a moment for its last message after a call, and is then terminated', async () => {
  const host = await createSessionHost();
  host.close();
  await vi.advanceTimersByTimeAsync(500);
  expect(DyingWorker.latest.isTerminated).toBe(false);
  await vi.advanceTimersByTimeAsync(500);
  expect(DyingWorker.latest.isTerminated).toBe(true);
});

it('a Worker that reports all the time lives, and what it reports arrives', async () => {
  const host = await createSessionHost();
  const [died, told] = [vi.fn(), vi.fn()];
  Object.assign(host, { ondied: died, onmessage: told });
  for (let n = 0; n < 20; n++) {
    await vi.advanceTimersByTimeAsync(ALIVE_MS);
    DyingWorker.latest.tell(version);
  }
  expect(died).not.toHaveBeenCalled();
  expect(told).toHaveBeenCalledTimes(20);
  host.close();
});

it('a Worker of another release is refused and terminated', async () => {
  DyingWorker.version = '0.0.0';
  await expect(createSessionHost()).rejects.toMatchObject({ code: 'version_mismatch' });
  expect(DyingWorker.latest.isTerminated).toBe(true);
});

it('a prepared Worker is that of one call, and of none if it waits too long', async () => {
  expect(prepareSessionHost(undefined)).toBe(true);
  expect(prepareSessionHost(undefined)).toBe(false);
  const prepared = DyingWorker.latest;
  await createSessionHost();
  expect(DyingWorker.latest).toBe(prepared);
  await createSessionHost();
  expect(DyingWorker.latest).not.toBe(prepared);
  expect(prepareSessionHost(undefined)).toBe(true);
  const unused = DyingWorker.latest;
  await vi.advanceTimersByTimeAsync(60_000);
  expect([prepared.isTerminated, unused.isTerminated]).toEqual([false, true]);
});
