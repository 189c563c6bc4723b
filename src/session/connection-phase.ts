/** The phases of a connection. Only the events of this table change them. */
export type ConnectionPhase =
  /** A token was requested. */
  | 'token'
  /** The socket is opening. */
  | 'opening'
  /** It is open, and the first message was sent. */
  | 'asking'
  /** The server refused it, and will close it. */
  | 'refused'
  /** The session has started. */
  | 'ready'
  /** `session.end` was sent or `session.ended` received. */
  | 'closing'
  | 'over';

export type ConnectionEvent = 'granted' | 'opened' | 'refused' | 'ready' | 'end' | 'closed';

const whileOpen = { end: 'closing', closed: 'over' } as const;
const whileAsking = { ...whileOpen, refused: 'refused', ready: 'ready' } as const;

/** The next phase; undefined if the event has no meaning in the current one. */
export const connectionPhases: Readonly<
  Record<ConnectionPhase, Partial<Readonly<Record<ConnectionEvent, ConnectionPhase>>>>
> = {
  token: { granted: 'opening', closed: 'over' },
  opening: { opened: 'asking', closed: 'over' },
  asking: whileAsking,
  refused: whileAsking,
  ready: whileOpen,
  closing: { closed: 'over' },
  over: {},
};
