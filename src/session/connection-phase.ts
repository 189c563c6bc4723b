/** Where a connection is. One pure function moves it; nothing else assigns it. */
export type ConnectionPhase =
  /** A token was asked for. */
  | 'token'
  /** The socket was asked to open. */
  | 'opening'
  /** It has opened, and the first message is sent. */
  | 'asking'
  /** The server refused it, and is about to close. */
  | 'refused'
  /** The session is up. */
  | 'ready'
  /** `session.end` was sent or `session.ended` received: the session is or will be over. */
  | 'closing'
  | 'over';

export type ConnectionEvent = 'granted' | 'opened' | 'refused' | 'ready' | 'goodbye' | 'closed';

const whileOpen = { goodbye: 'closing', closed: 'over' } as const;

const transitions: Readonly<
  Record<ConnectionPhase, Partial<Readonly<Record<ConnectionEvent, ConnectionPhase>>>>
> = {
  token: { granted: 'opening', closed: 'over' },
  opening: { opened: 'asking', closed: 'over' },
  asking: { refused: 'refused', ready: 'ready', ...whileOpen },
  refused: { refused: 'refused', ready: 'ready', ...whileOpen },
  ready: whileOpen,
  closing: { closed: 'over' },
  over: {},
};

/** The next phase; undefined where the event means nothing to the present one. */
export function connectionPhase(phase: ConnectionPhase, event: ConnectionEvent): ConnectionPhase | undefined {
  return transitions[phase][event];
}
