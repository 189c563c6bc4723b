import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { VoiceAgent, VoiceAgentError } from '../../../src/index.js';
import { stubPage } from '../../support/client-page.js';

/** The visitor does not answer the browser's question for the microphone. */
vi.mock(import('../../../src/audio/audio-path.js'), () => ({
  AudioPath: class {
    readonly openMicrophone = (): Promise<void> => new Promise(() => undefined);
    readonly load = (): Promise<void> => Promise.resolve();
    readonly releaseMicrophone = (): void => undefined;
    readonly close = (): Promise<void> => Promise.resolve();
  } as never,
}));
vi.mock(import('../../../src/client/session-host.js'), async (original) => ({
  ...(await original()),
  createSessionHost: () => Promise.reject(VoiceAgentError.fatal('unsupported_browser/policy')),
}));

beforeEach(() => stubPage());
afterEach(() => vi.unstubAllGlobals());

it('a policy that forbids the session is reported while the browser still asks for the microphone', async () => {
  vi.spyOn(console, 'warn').mockReturnValue(undefined);
  const agent = new VoiceAgent({ serverUrl: 'ws://127.0.0.1:1/', token: 't' });
  await expect(agent.start()).rejects.toMatchObject({ code: 'unsupported_browser' });
  expect(agent.state).toBe('error');
});
