import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createSessionHost } from '../../../src/client/session-host.js';
import { version } from '../../../src/index.js';
import { ALIVE_MS } from '../../../src/worker/bridge.js';

/** It starts, and is never heard of again. */
class DyingWorker {
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onerror = null;
  readonly postMessage = (): void => undefined;
  readonly terminate = (): void => undefined;

  constructor() {
    queueMicrotask(() => this.onmessage?.({ data: { type: 'running', version } }));
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('Worker', DyingWorker);
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
