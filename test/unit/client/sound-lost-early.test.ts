import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { AudioPathHandlers } from '../../../src/audio/audio-path.js';
import { VoiceAgent } from '../../../src/index.js';
import type { PageToSession } from '../../../src/worker/bridge.js';
import { stubPage } from '../../support/client-page.js';

let handlers: AudioPathHandlers;
let port: MessagePort;
let openMicrophone: () => void;
const posted: PageToSession[] = [];

vi.mock(import('../../../src/audio/audio-path.js'), () => ({
  AudioPath: class {
    constructor(_options: unknown, given: AudioPathHandlers) {
      handlers = given;
    }
    get sessionPort(): MessagePort {
      return port;
    }
    readonly openMicrophone = (): Promise<void> => new Promise((resolve) => (openMicrophone = resolve));
    readonly load = (): Promise<void> => Promise.resolve();
    readonly run = (): Promise<void> => new Promise(() => undefined);
    readonly releaseMicrophone = (): void => undefined;
    readonly close = (): Promise<void> => Promise.resolve();
  } as never,
}));
vi.mock(import('../../../src/client/session-host.js'), async (original) => ({
  ...(await original()),
  createSessionHost: () =>
    Promise.resolve({
      kind: 'worker' as const,
      post: (message: PageToSession) => void posted.push(message),
      onmessage: () => undefined,
      ondied: () => undefined,
      close: () => undefined,
      terminate: () => undefined,
    }),
}));

beforeEach(() => {
  stubPage();
  Object.assign(navigator, { userActivation: { hasBeenActive: true } });
});
afterEach(() => vi.unstubAllGlobals());

it('a session begins with the new worklet if the first one was replaced before', async () => {
  port = new MessageChannel().port2;
  const agent = new VoiceAgent({ serverUrl: 'ws://127.0.0.1:1/', token: 't' });
  const started = agent.start().catch((error: unknown) => error);
  await vi.waitFor(() => expect(openMicrophone).toBeDefined());
  await new Promise((next) => setTimeout(next));
  port = new MessageChannel().port2;
  handlers.replaced(port);
  expect(posted).toEqual([]);
  openMicrophone();
  await vi.waitFor(() => expect(posted).toMatchObject([{ type: 'start', workletPort: port }]));
  const next = new MessageChannel().port2;
  handlers.replaced(next);
  expect(posted.at(-1)).toEqual({ type: 'worklet', workletPort: next });
  await agent.stop();
  await started;
});
