import { describe, expect, it } from 'vitest';
import { TURN_EVENTS } from '../../../src/session/call-limits.js';
import { isUp, transition, type StateEvent, type VoiceAgentState } from '../../../src/session/state.js';

const events = [
  'start',
  'stop',
  'session-ready',
  'reconnecting',
  'speech-start',
  'speech-end',
  'reply-start',
  'working',
  'reply-audible',
  'reply-end',
  'nothing-came',
  'ended',
  'failed',
  'leaving',
] as const satisfies readonly StateEvent[];

/** The other events of a session, which do not change the state. */
const others = [
  'socket-open',
  'call-warning',
  'agent-error',
  'transcript',
  'interruption',
  'reply-hold',
  'voice',
  'tool-call',
  'server-message',
  'kept',
  'tool-result-unused',
] as const satisfies readonly StateEvent[];

/** Does not compile if an event is in neither list. */
type Listed = (typeof events)[number] | (typeof others)[number];
const allAreListed: [Exclude<StateEvent, Listed>] extends [never] ? true : false = true;

// Every state × every event, written out: a dot means that nothing changes.
// prettier-ignore
const table: Readonly<Record<VoiceAgentState, readonly (VoiceAgentState | '.')[]>> = {
  //             start         stop       ready        lost            speech+      speech−     reply       working     audible     over         nothing      ended    failed   leaving
  idle: ['connecting', '.', '.', '.', '.', '.', '.', '.', '.', '.', '.', '.', 'error', '.'],
  connecting: ['.', 'ending', 'listening', '.', '.', '.', '.', '.', '.', '.', '.', 'ended', 'error', '.'],
  listening: ['.', 'ending', '.', 'reconnecting', '.', 'thinking', 'thinking', 'thinking', 'speaking', '.', '.', 'ended', 'error', '.'],
  thinking: ['.', 'ending', '.', 'reconnecting', 'listening', '.', '.', '.', 'speaking', 'listening', 'listening', 'ended', 'error', '.'],
  speaking: ['.', 'ending', '.', 'reconnecting', '.', '.', '.', '.', '.', 'listening', '.', 'ended', 'error', '.'],
  reconnecting: ['.', 'ending', 'listening', '.', '.', '.', '.', '.', '.', '.', '.', 'ended', 'error', 'listening'],
  ending: ['.', '.', '.', '.', '.', '.', '.', '.', '.', '.', '.', 'ended', 'error', '.'],
  ended: ['connecting', '.', '.', '.', '.', '.', '.', '.', '.', '.', '.', '.', 'error', '.'],
  error: ['connecting', '.', '.', '.', '.', '.', '.', '.', '.', '.', '.', '.', '.', '.'],
};

describe('the state of the conversation', () => {
  for (const [from, row] of Object.entries(table) as [VoiceAgentState, (VoiceAgentState | '.')[]][]) {
    for (const [column, expected] of row.entries()) {
      const event = events[column];
      if (event === undefined) throw new Error('The table has more columns than there are events.');
      it(`${from} on ${event}: ${expected === '.' ? 'stays' : expected}`, () => {
        expect(transition(from, event)).toBe(expected === '.' ? from : expected);
      });
    }
  }

  it('does not change on any other event of a session', () => {
    expect(allAreListed).toBe(true);
    for (const state of Object.keys(table) as VoiceAgentState[])
      for (const event of others) expect(transition(state, event)).toBe(state);
  });

  it('is thinking after each of the events that begin the time limit of a turn', () => {
    const begin = [...events, ...others].filter((event) => transition('listening', event) === 'thinking');
    expect(begin).toEqual(TURN_EVENTS);
  });

  it('is up from the request for a call to its end', () => {
    const up = (Object.keys(table) as VoiceAgentState[]).filter(isUp);
    expect(up).toEqual(['connecting', 'listening', 'thinking', 'speaking', 'reconnecting', 'ending']);
  });
});
