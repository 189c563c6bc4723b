/** Where a call's connections are. One pure function moves it; nothing else assigns it. */
export type DialerPhase =
  | 'idle'
  /** A connection is being made. */
  | 'dialling'
  /** The session is up. */
  | 'up'
  /** A connection has ended; what to do is decided at once. */
  | 'judging'
  /** A pause before the next try. */
  | 'pausing'
  /** No further try; what is left to find out is why. */
  | 'checking'
  /** `session.end` was said: whatever becomes of the connection now, it was the last. */
  | 'leaving'
  | 'over';

export type DialerEvent = 'dial' | 'ready' | 'ended' | 'pause' | 'check' | 'leave' | 'close';

const transitions: Readonly<Record<DialerPhase, Partial<Readonly<Record<DialerEvent, DialerPhase>>>>> = {
  idle: { dial: 'dialling', close: 'over' },
  dialling: { dial: 'dialling', ready: 'up', ended: 'judging', leave: 'leaving', close: 'over' },
  up: { ended: 'judging', leave: 'leaving', close: 'over' },
  judging: { pause: 'pausing', check: 'checking', close: 'over' },
  pausing: { dial: 'dialling', close: 'over' },
  checking: { dial: 'dialling', close: 'over' },
  leaving: { ended: 'over', close: 'over' },
  over: {},
};

/** The next phase; undefined where the event means nothing to the present one. */
export function dialerPhase(phase: DialerPhase, event: DialerEvent): DialerPhase | undefined {
  return transitions[phase][event];
}
