/**
 * A page without a browser, for tests of the client's own logic: no sound, the session on the page's thread, and a real
 * WebSocket. A test mocks `session-host.js` with `sessionOnPage`.
 */
import { vi } from 'vitest';
import { WebSocket } from 'ws';
import type { VoiceAgent, VoiceAgentEventMap } from '../../src/index.js';

/** As in a browser, a refused handshake is no exception. */
class QuietWebSocket extends WebSocket {
  constructor(url: string) {
    super(url);
    this.on('error', () => undefined);
  }
}

/** What Node lacks of a page. */
export function stubPage(languages: readonly string[] = ['en']): void {
  const document = Object.assign(new EventTarget(), {
    visibilityState: 'visible',
    baseURI: 'https://page.example/',
  });
  vi.stubGlobal('window', new EventTarget());
  vi.stubGlobal('document', document);
  vi.stubGlobal('location', new URL('https://page.example/'));
  vi.stubGlobal('isSecureContext', false);
  vi.stubGlobal('WebSocket', QuietWebSocket);
  vi.stubGlobal('navigator', { languages, onLine: true });
}

export interface Told {
  readonly type: string;
  readonly detail: unknown;
}

const TYPES = [
  'state-change',
  'session-ready',
  'session-end',
  'transcript',
  'agent-error',
] as const satisfies readonly (keyof VoiceAgentEventMap)[];

/** What an agent dispatches, in order. */
export function listen(agent: VoiceAgent): Told[] {
  const told: Told[] = [];
  for (const type of TYPES)
    agent.addEventListener(type, ({ detail }: CustomEvent<unknown>) => told.push({ type, detail }));
  return told;
}

export function once<Name extends keyof VoiceAgentEventMap>(
  agent: VoiceAgent,
  type: Name,
): Promise<VoiceAgentEventMap[Name]> {
  return new Promise((resolve) => agent.addEventListener(type, resolve, { once: true }));
}
