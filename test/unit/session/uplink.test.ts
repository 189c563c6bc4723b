import { beforeEach, describe, expect, it } from 'vitest';
import { Uplink } from '../../../src/session/uplink.js';
import { ScriptedTransport, wireOf } from '../../support/scripted-transport.js';

/** 50 ms of PCM, marked. */
const packet = (mark: number) => new Uint8Array(2_400).fill(mark);
const newTransport = () =>
  new ScriptedTransport('wss://agent.test', { opened() {}, received() {}, closed() {} });
const marksOf = (transport: ScriptedTransport) =>
  transport.sentOfType('input.audio').map(({ audio }) => Buffer.from(audio, 'base64')[0]);
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

let uplink: Uplink;
let transport: ScriptedTransport;
let mark: number;

beforeEach(() => {
  uplink = new Uplink();
  transport = newTransport();
  mark = 0;
});

/** The microphone delivers packets. @returns the number of dropped packets */
function speak(packets: number, level = 0.1): number {
  let dropped = 0;
  for (let i = 0; i < packets; i++) dropped += uplink.push(packet(++mark % 256), level).dropped;
  return dropped;
}

describe('microphone packets', () => {
  it('from before the first session.ready are the first words: kept, the latest three seconds of them', () => {
    expect(speak(70)).toBe(10);
    uplink.open(wireOf(transport));
    speak(1);
    expect(marksOf(transport), 'at three times the pace they were spoken at').toEqual([11, 12, 13]);
    speak(40);
    expect(marksOf(transport)).toEqual(range(11, 111));
    expect(uplink.packetsDropped, 'counted').toBe(10);
  });

  it('that are discarded on purpose do not count as dropped', () => {
    speak(5);
    uplink.forget();
    uplink.open(wireOf(transport));
    speak(1);
    expect(marksOf(transport)).toEqual([6]);
    expect(uplink.packetsDropped).toBe(0);
  });

  it('after the end are ignored', () => {
    uplink.open(wireOf(transport));
    uplink.close();
    expect(speak(3)).toBe(0);
    uplink.open(wireOf(transport));
    expect(marksOf(transport)).toEqual([]);
  });

  it('are sent one by one as they arrive', () => {
    uplink.open(wireOf(transport));
    speak(3);
    expect(marksOf(transport)).toEqual([1, 2, 3]);
    expect(uplink.packetsSent).toBe(3);
  });

  it('of a gap are kept, and sent in order, but not all at once, when the connection is back', () => {
    uplink.open(wireOf(transport));
    speak(2);
    uplink.interrupt(0);
    expect(speak(60)).toBe(0);
    const next = newTransport();
    uplink.open(wireOf(next));
    speak(1);
    expect(marksOf(next).length, 'no flood').toBeLessThanOrEqual(4);
    expect(speak(30)).toBe(0);
    expect(marksOf(next)).toEqual(range(3, 93));
  });

  it('of a gap are sent without its pauses, which only cost time', () => {
    uplink.open(wireOf(transport));
    uplink.interrupt(0);
    speak(5);
    speak(30, 0.001);
    speak(5);
    const next = newTransport();
    uplink.open(wireOf(next));
    for (let i = 0; i < 20; i++) speak(1);
    const pause = range(6, 9);
    expect(marksOf(next).slice(0, 14)).toEqual([...range(1, 5), ...pause, ...range(36, 40)]);
    expect(uplink.packetsDropped, 'nothing was lost').toBe(0);
  });

  it('of a gap beyond three seconds are dropped, the oldest first', () => {
    uplink.open(wireOf(transport));
    uplink.interrupt(0);
    expect(speak(100)).toBe(40);
    const next = newTransport();
    uplink.open(wireOf(next));
    speak(40);
    expect(marksOf(next)[0]).toBe(41);
    expect(marksOf(next)).toEqual(range(41, 140));
    expect(uplink.packetsDropped).toBe(40);
  });

  it('that the dead socket had not sent are sent again', () => {
    uplink.open(wireOf(transport));
    speak(10);
    // Three packets of base64 with their envelopes.
    uplink.interrupt(3 * 3_236);
    const next = newTransport();
    uplink.open(wireOf(next));
    speak(3);
    const marks = marksOf(next);
    expect(marks.slice(-5)).toEqual([9, 10, 11, 12, 13]);
    expect(marks).toEqual(range(marks[0] ?? 0, 13));
    expect(marks[0]).toBeLessThanOrEqual(8);
  });

  it('wait while the socket has audio to send, and are dropped beyond a second, the oldest first', () => {
    uplink.open(wireOf(transport));
    speak(2);
    transport.bufferedBytes = 64_000;
    expect(speak(20)).toBe(0);
    expect(marksOf(transport)).toEqual([1, 2]);
    expect(speak(5)).toBe(5);
    transport.bufferedBytes = 0;
    speak(10);
    expect(marksOf(transport)).toEqual([1, 2, ...range(8, 37)]);
  });

  it('that a slow network made drop belong to the gap, if it proves dead', () => {
    uplink.open(wireOf(transport));
    speak(2);
    transport.bufferedBytes = 16_500;
    expect(speak(50)).toBe(30);
    // The socket reports five unsent packets, but only two were handed to it.
    uplink.interrupt(16_500);
    expect(uplink.packetsDropped).toBe(0);
    const next = newTransport();
    uplink.open(wireOf(next));
    speak(30);
    expect(marksOf(next)).toEqual(range(1, 82));
  });

  it('belong to the gap once, although the next connection is lost before it accepts any', () => {
    uplink.open(wireOf(transport));
    transport.bufferedBytes = 16_500;
    expect(speak(25)).toBe(5);
    uplink.interrupt(0);
    for (let i = 0; i < 2; i++) {
      uplink.open(wireOf(newTransport()));
      uplink.interrupt(0);
    }
    const next = newTransport();
    uplink.open(wireOf(next));
    speak(30);
    expect(marksOf(next)).toEqual(range(1, 55));
    expect(uplink.packetsDropped).toBe(0);
  });

  it('that were dropped stay dropped once a slow network accepts newer ones', () => {
    uplink.open(wireOf(transport));
    transport.bufferedBytes = 16_500;
    expect(speak(25)).toBe(5);
    transport.bufferedBytes = 0;
    speak(12);
    uplink.interrupt(0);
    const next = newTransport();
    uplink.open(wireOf(next));
    speak(1);
    expect(uplink.packetsDropped).toBe(5);
    expect([...marksOf(transport), ...marksOf(next)]).toEqual(range(6, 38));
  });

  it('continue when the system reports to be offline: it may be wrong', () => {
    uplink.open(wireOf(transport));
    uplink.doubt();
    expect(speak(60)).toBe(0);
    expect(marksOf(transport)).toEqual(range(1, 60));
  });

  it('sent while the system reported to be offline are sent again, unless the server has answered since', () => {
    uplink.open(wireOf(transport));
    speak(5);
    uplink.doubt();
    speak(20);
    uplink.interrupt(0);
    const next = newTransport();
    uplink.open(wireOf(next));
    speak(20);
    expect(marksOf(next)).toEqual(range(6, 45));
    uplink.doubt();
    speak(30);
    uplink.trust();
    uplink.interrupt(0);
    const last = newTransport();
    uplink.open(wireOf(last));
    speak(10);
    expect(marksOf(last), 'all but the latest second').toEqual(range(56, 85));
  });

  it('are sent again only if they were in the socket that died, not in one before', () => {
    uplink.open(wireOf(transport));
    speak(10);
    // Half a packet of base64 with its envelope.
    uplink.interrupt(1_600);
    const next = newTransport();
    uplink.open(wireOf(next));
    speak(1);
    uplink.interrupt(64_000);
    const last = newTransport();
    uplink.open(wireOf(last));
    speak(10);
    expect(marksOf(next)).toEqual([10, 11]);
    expect(marksOf(last)[0]).toBe(10);
  });

  it('before such a report do not count as proof that it was false', () => {
    uplink.open(wireOf(transport));
    speak(300);
    uplink.doubt();
    speak(5);
    uplink.trust();
    uplink.interrupt(0);
    const next = newTransport();
    uplink.open(wireOf(next));
    speak(10);
    expect(marksOf(next).slice(0, 5)).toEqual([301, 302, 303, 304, 305].map((n) => n % 256));
  });

  it('of a gap long after a report that proved false are kept for three seconds again', () => {
    uplink.open(wireOf(transport));
    uplink.doubt();
    speak(201);
    uplink.trust();
    uplink.interrupt(0);
    expect(speak(100)).toBe(40);
  });

  it('are not sent again because of a report from before their connection', () => {
    uplink.open(wireOf(transport));
    uplink.interrupt(0);
    uplink.doubt();
    const next = newTransport();
    uplink.open(wireOf(next));
    speak(10);
    uplink.interrupt(0);
    const last = newTransport();
    uplink.open(wireOf(last));
    speak(1);
    expect(marksOf(last)).toEqual([11]);
  });

  it('are not sent again long after such a report that proved false', () => {
    uplink.open(wireOf(transport));
    uplink.doubt();
    speak(190);
    uplink.trust();
    speak(11);
    uplink.trust();
    speak(20);
    uplink.interrupt(0);
    const next = newTransport();
    uplink.open(wireOf(next));
    speak(1);
    expect(marksOf(next)).toEqual([222]);
  });

  it('that waited while such a report was believed are not dropped when it proves false', () => {
    uplink.open(wireOf(transport));
    uplink.doubt();
    speak(201);
    transport.bufferedBytes = 64_000;
    expect(speak(60)).toBe(0);
    uplink.trust();
    expect(speak(1)).toBe(1);
    transport.bufferedBytes = 0;
    speak(60);
    expect(marksOf(transport).slice(0, 220)).toEqual([...range(1, 201), ...range(203, 221)]);
  });

  it('of another encoding are not mixed with those before', () => {
    uplink.open(wireOf(transport));
    uplink.interrupt(0);
    speak(5);
    uplink.setEncoding('audio/pcmu');
    const next = newTransport();
    uplink.open(wireOf(next));
    speak(1);
    expect(marksOf(next)).toEqual([6]);
  });

  it('that a slow network made drop are not mixed with those of another encoding either', () => {
    uplink.open(wireOf(transport));
    transport.bufferedBytes = 64_000;
    expect(speak(25)).toBe(5);
    uplink.setEncoding('audio/pcmu');
    uplink.interrupt(0);
    const next = newTransport();
    uplink.open(wireOf(next));
    speak(1);
    expect(marksOf(next)).toEqual([26]);
  });

  it('stay when the encoding is set again, for another worklet', () => {
    uplink.setEncoding('audio/pcmu');
    speak(2);
    uplink.setEncoding('audio/pcmu');
    uplink.open(wireOf(transport));
    speak(1);
    expect(marksOf(transport)).toEqual([1, 2, 3]);
  });

  it('of the other law are not mixed with those before', () => {
    uplink.setEncoding('audio/pcmu');
    speak(5);
    uplink.setEncoding('audio/pcma');
    const next = newTransport();
    uplink.open(wireOf(next));
    speak(1);
    expect(marksOf(next)).toEqual([6]);
  });
});
