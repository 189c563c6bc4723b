/**
 * A page without a browser, for tests of the client's logic: no audio, the session on the page's thread, and a real
 * WebSocket. A test mocks `session-host.js` with `sessionOnPage`.
 */
import { vi } from 'vitest';
import { WebSocket } from 'ws';
import type { VoiceAgent, VoiceAgentEventMap } from '../../src/index.js';

/** Like a browser's, it does not throw for a refused handshake. */
class QuietWebSocket extends WebSocket {
  constructor(url: string) {
    super(url);
    this.on('error', () => undefined);
  }
}

/**
 * Defines `location` and `document.baseURI`.
 * @param base of its `<base href>`
 */
export function stubAddress(address: string, base = address): void {
  vi.stubGlobal('origin', new URL(address).origin);
  vi.stubGlobal('location', new URL(address));
  const properties = { visibilityState: 'visible', baseURI: base };
  vi.stubGlobal('document', Object.assign(new EventTarget(), properties));
}

/** Defines the globals of a page that Node lacks. */
export function stubPage(languages: readonly string[] = ['en']): void {
  vi.stubGlobal('window', new EventTarget());
  stubAddress('https://page.example/');
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

/** Records the events of an agent, in order. */
export function listen(agent: VoiceAgent, types: readonly (keyof VoiceAgentEventMap)[] = TYPES): Told[] {
  const told: Told[] = [];
  for (const type of types)
    agent.addEventListener(type, ({ detail }: CustomEvent<unknown>) => told.push({ type, detail }));
  return told;
}

export function once<Name extends keyof VoiceAgentEventMap>(
  agent: VoiceAgent,
  type: Name,
): Promise<VoiceAgentEventMap[Name]> {
  return new Promise((resolve) => agent.addEventListener(type, resolve, { once: true }));
}
