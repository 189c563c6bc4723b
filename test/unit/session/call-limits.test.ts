import { beforeEach, describe, expect, it } from 'vitest';
import { CallLimits } from '../../../src/session/call-limits.js';
import { ManualClock } from '../../support/manual-clock.js';

let clock: ManualClock;
let told: string[];
let busy: boolean;

beforeEach(() => {
  clock = new ManualClock();
  told = [];
  busy = false;
});

function limits(maxDurationMs: number, idleTimeoutMs: number): CallLimits {
  const subject = new CallLimits({ maxDurationMs, idleTimeoutMs }, clock, {
    warn: (secondsLeft) => told.push(`${clock.now()} warn ${secondsLeft}`),
    expired: (reason) => {
      told.push(`${clock.now()} ${reason}`);
      subject.stop();
    },
    nothingCame: () => told.push(`${clock.now()} nothing`),
    isBusy: () => busy,
  });
  subject.start();
  return subject;
}

describe('the limits of a call', () => {
  it('warn half a minute before the maximum duration, then end the call', () => {
    limits(900_000, 0);
    clock.advance(2_000_000);
    expect(told).toEqual(['870000 warn 30', '900000 max-duration']);
    expect(clock.pendingTimers).toBe(0);
  });

  it('warn of a short maximum at the start', () => {
    limits(10_000, 0);
    clock.advance(60_000);
    expect(told).toEqual(['0 warn 10', '10000 max-duration']);
  });

  it('end a call in which nobody speaks', () => {
    limits(0, 60_000);
    clock.advance(200_000);
    expect(told).toEqual(['60000 idle']);
    expect(clock.pendingTimers).toBe(0);
  });

  it('count from the last activity', () => {
    const subject = limits(0, 60_000);
    clock.advance(59_000);
    subject.active();
    clock.advance(59_000);
    subject.active();
    clock.advance(59_999);
    expect(told).toEqual([]);
    clock.advance(1);
    expect(told).toEqual(['178000 idle']);
  });

  it('do not take one long utterance for silence', () => {
    limits(0, 60_000);
    busy = true;
    clock.advance(300_000);
    busy = false;
    clock.advance(59_000);
    expect(told).toEqual([]);
    clock.advance(61_000);
    expect(told).toHaveLength(1);
  });

  it('end a turn without an answer, but not the work of a tool', () => {
    const subject = limits(0, 0);
    subject.turn();
    clock.advance(10_000);
    subject.turn();
    busy = true;
    clock.advance(12_000);
    busy = false;
    clock.advance(60_000);
    expect(told).toEqual(['34000 nothing']);
  });

  it('end a turn only after the last activity', () => {
    const subject = limits(0, 0);
    subject.turn();
    clock.advance(11_000);
    subject.active();
    clock.advance(60_000);
    expect(told).toEqual(['23000 nothing']);
  });

  it('are switched off by 0, and stopped with the call', () => {
    limits(0, 0);
    expect(clock.pendingTimers).toBe(0);
    const subject = limits(900_000, 60_000);
    subject.turn();
    subject.stop();
    expect(clock.pendingTimers).toBe(0);
  });

  it('begin once, even after a reconnection', () => {
    const subject = limits(100_000, 0);
    clock.advance(60_000);
    subject.start();
    clock.advance(100_000);
    expect(told).toEqual(['70000 warn 30', '100000 max-duration']);
  });
});
