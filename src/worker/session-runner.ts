/** Runs a session behind a port: in its own Worker, or on the page's thread if no Worker can be created. */
import { systemClock } from '../session/clock.js';
import type { TokenAnswer } from '../session/connection.js';
import type { SessionEvent } from '../session/events.js';
import { Session } from '../session/session.js';
import { openWebSocket } from '../session/websocket-transport.js';
import type { WorkletToSession } from '../worklet/messages.js';
import type { PageToSession, Port, SessionMethod, SessionToPage } from './bridge.js';
import { CallStats } from './call-stats.js';

/** A host that has not answered by then counts as unreachable. */
const PROBE_MS = 3_000;

/** Called by name: the page's types have matched method and arguments. */
type Requests = Record<SessionMethod, (...args: readonly unknown[]) => void>;

export function runSession(port: Port): void {
  const tokenRequests: ((answer: TokenAnswer) => void)[] = [];
  let session: Session | undefined;
  let worklet: MessagePort | undefined;
  const stats = new CallStats();

  const post = (message: SessionToPage): void => port.postMessage(message);

  const requestToken = (): Promise<TokenAnswer> =>
    new Promise((resolve) => {
      post({ type: 'token-request', request: tokenRequests.push(resolve) - 1 });
    });

  /** It is lost with its AudioContext, so a call may have several, one after the other. */
  function connect(workletPort: MessagePort): void {
    worklet?.close();
    worklet = workletPort;
    stats.workletReplaced();
    worklet.onmessage = ({ data }: MessageEvent<WorkletToSession>) => {
      session?.hear(data);
      if (data.type === 'packet') stats.captureDelay.add(Date.now() - data.startedAtMs);
      if (data.type === 'stats' && session)
        post({ type: 'stats', playback: stats.ofCall(data.stats), counters: session.counters });
    };
  }

  function start({ workletPort, options }: PageToSession & { type: 'start' }): void {
    session = new Session(options, {
      clock: systemClock,
      random: Math.random,
      openTransport: openWebSocket,
      requestToken,
      isReachable,
      post: (command) => {
        if (command.type !== 'audio') worklet?.postMessage(command);
        else
          worklet?.postMessage({ ...command, arrivedAtMs: Date.now() }, [
            command.bytes.buffer as ArrayBuffer,
          ]);
      },
      emit: (type, ...[detail]) => {
        post({ type: 'event', event: { type, detail } as SessionEvent });
        if (type === 'ended' || type === 'failed') worklet?.close();
      },
    });
    connect(workletPort);
    session.start();
  }

  port.onmessage = ({ data }: MessageEvent<PageToSession>) => {
    if (data.type === 'start') start(data);
    else if (data.type === 'worklet') {
      connect(data.workletPort);
      session?.workletReplaced();
    } else if (data.type === 'token') tokenRequests[data.request]?.(data);
    else (session as Requests | undefined)?.[data.method](...data.args);
  };
}

/**
 * A browser tells a script nothing about a WebSocket that failed to open; an opaque response shows that the server is
 * reachable.
 */
async function isReachable(url: string): Promise<boolean> {
  try {
    const address = new URL(url.replace(/^ws/, 'http'));
    // The host that answers must not see the token.
    address.search = '';
    await fetch(address, { mode: 'no-cors', cache: 'no-store', signal: AbortSignal.timeout(PROBE_MS) });
    return true;
  } catch {
    return false;
  }
}
