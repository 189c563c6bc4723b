/** Runs a session behind a port: in its own Worker, or on the page's thread if no Worker can be created. */
import { VoiceAgentError } from '../errors.js';
import { systemClock } from '../session/clock.js';
import type { TokenGrant } from '../session/connection.js';
import type { SessionEvent } from '../session/events.js';
import { Session } from '../session/session.js';
import { openWebSocket } from '../session/websocket-transport.js';
import type { PageToSession, Port, SessionMethod, SessionToPage } from './bridge.js';
import { PortAudioSink } from './port-audio-sink.js';

/** A host that has not answered by then counts as unreachable. */
const PROBE_MS = 3_000;

/** Called by name: the page's types have matched method and arguments. */
type Requests = Record<SessionMethod, (...args: readonly unknown[]) => void>;
type Token = PageToSession & { type: 'token' };

export function runSession(port: Port): void {
  const tokenRequests = new Map<number, (answer: Token) => void>();
  let tokenCount = 0;
  let url = '';
  let session: Session | undefined;
  let sink: PortAudioSink | undefined;

  const post = (message: SessionToPage): void => port.postMessage(message, []);

  async function requestToken(): Promise<TokenGrant> {
    const request = ++tokenCount;
    const { grant, error } = await new Promise<Token>((resolve) => {
      tokenRequests.set(request, resolve);
      post({ type: 'token-request', request });
    });
    tokenRequests.delete(request);
    if (!grant) throw new VoiceAgentError(error);
    url = grant.url;
    return grant;
  }

  function start({ workletPort, options }: PageToSession & { type: 'start' }): void {
    const speaker = new PortAudioSink(workletPort);
    const call = new Session(options, {
      ...{ clock: systemClock, random: Math.random, openTransport: openWebSocket, requestToken },
      isReachable: () => isReachable(url),
      sink: speaker,
      emit: (type, ...[detail]) => {
        post({ type: 'event', event: { type, detail } as SessionEvent });
        if (type === 'ended' || type === 'failed') speaker.close();
      },
    });
    speaker.connect(call, (playback) => post({ type: 'stats', playback, counters: call.counters }));
    session = call;
    sink = speaker;
    call.start();
  }

  port.onmessage = ({ data }: MessageEvent<PageToSession>) => {
    if (data.type === 'start') start(data);
    else if (data.type === 'worklet') sink?.replaceWorklet(data.workletPort);
    else if (data.type === 'token') tokenRequests.get(data.request)?.(data);
    else (session as Requests | undefined)?.[data.method](...data.args);
  };
}

/**
 * A browser tells a script nothing about a WebSocket that failed to open; an opaque response shows that the server is
 * reachable.
 */
async function isReachable(url: string): Promise<boolean> {
  try {
    const address = new URL(url);
    address.protocol = address.protocol === 'ws:' ? 'http:' : 'https:';
    // The host that answers must not see the token.
    address.search = '';
    await fetch(address, { mode: 'no-cors', cache: 'no-store', signal: AbortSignal.timeout(PROBE_MS) });
    return true;
  } catch {
    return false;
  }
}
