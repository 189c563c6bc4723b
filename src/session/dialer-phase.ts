/** The phases of a call's connections. Only the events of this table change them. */
export type DialerPhase =
  | 'idle'
  /** Connecting. */
  | 'dialling'
  /** The session has started. */
  | 'up'
  /** A connection has ended; what follows is decided at once. */
  | 'judging'
  /** Pausing before the next attempt. */
  | 'pausing'
  /** No further attempt; only the reason is still to be determined. */
  | 'checking'
  /** `session.end` was sent: this connection is the last, however it ends. */
  | 'leaving'
  | 'over';

export type DialerEvent = 'dial' | 'wake' | 'ready' | 'ended' | 'pause' | 'check' | 'leave' | 'close';

/** The next phase; undefined if the event has no meaning in the current one. */
export const dialerPhases: Readonly<
  Record<DialerPhase, Partial<Readonly<Record<DialerEvent, DialerPhase>>>>
> = {
  idle: { dial: 'dialling', close: 'over' },
  dialling: { dial: 'dialling', ready: 'up', ended: 'judging', leave: 'leaving', close: 'over' },
  up: { ended: 'judging', leave: 'leaving', close: 'over' },
  judging: { wake: 'dialling', pause: 'pausing', check: 'checking', close: 'over' },
  pausing: { wake: 'dialling', dial: 'dialling', close: 'over' },
  checking: { wake: 'dialling', close: 'over' },
  leaving: { dial: 'leaving', ended: 'over', close: 'over' },
  over: {},
};
