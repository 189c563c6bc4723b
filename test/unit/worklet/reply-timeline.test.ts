import { describe, expect, it } from 'vitest';
import { ReplyTimeline } from '../../../src/worklet/reply-timeline.js';

function observed(): { timeline: ReplyTimeline; told: string[] } {
  const told: string[] = [];
  const timeline = new ReplyTimeline((reply, frames, over) =>
    told.push(over ? `heard ${reply} ${frames || 'silent'}` : `audible ${reply}`),
  );
  return { timeline, told };
}

describe('the ledger of replies', () => {
  it('reports a reply as audible at its first audible frame, not during its silent lead', () => {
    const { timeline, told } = observed();
    timeline.written(1, 1_000, -1, -1);
    timeline.written(1, 2_000, 1_500, 1_999);
    timeline.advance(1_500);
    expect(told).toEqual([]);
    timeline.advance(1_501);
    expect(told).toEqual(['audible 1']);
  });

  it('reports a reply as heard at its last audible frame, once the server has sent all of it', () => {
    const { timeline, told } = observed();
    timeline.written(1, 3_000, 100, 1_999);
    timeline.advance(2_500);
    expect(told).toEqual(['audible 1']);
    timeline.complete(1);
    timeline.advance(2_500);
    expect(told).toEqual(['audible 1', 'heard 1 1900']);
  });

  it('reports a silent reply as heard at its end, and as inaudible', () => {
    const { timeline, told } = observed();
    timeline.written(1, 3_000, -1, -1);
    timeline.complete(1);
    timeline.advance(2_999);
    expect(told).toEqual([]);
    timeline.advance(3_000);
    expect(told).toEqual(['heard 1 silent']);
  });

  it('reports several replies in one quantum, in order', () => {
    const { timeline, told } = observed();
    timeline.written(1, 100, 0, 99);
    timeline.complete(1);
    timeline.written(2, 200, 100, 199);
    timeline.advance(150);
    expect(told).toEqual(['audible 1', 'heard 1 100', 'audible 2']);
    expect(timeline.current).toBe(2);
  });

  it('counts what was heard from the first audible frame, and no further than was written', () => {
    const { timeline } = observed();
    timeline.written(1, 2_000, 500, 1_999);
    expect(timeline.heardFrames(400)).toBe(0);
    expect(timeline.heardFrames(800)).toBe(300);
    expect(timeline.heardFrames(9_000)).toBe(1_500);
  });

  it('remembers the reply that a cut ended, while the next one is written', () => {
    const { timeline, told } = observed();
    timeline.written(1, 2_000, 500, 1_999);
    timeline.advance(900);
    expect(timeline.cut(2_000)).toBe(1);
    timeline.written(2, 2_500, 2_000, 2_499);
    expect(timeline.heardFramesOfCut(1_000)).toBe(500);
    timeline.advance(2_001);
    expect(told).toEqual(['audible 1', 'audible 2']);
  });

  it('does not wait for the end of a reply after a later one has begun', () => {
    const { timeline, told } = observed();
    timeline.written(1, 100, 0, 99);
    timeline.complete(1);
    timeline.advance(100);
    // Late sound of a reply that was heard already.
    timeline.written(1, 150, -1, -1);
    timeline.written(2, 250, 150, 249);
    timeline.complete(2);
    timeline.written(3, 350, 250, 349);
    timeline.written(2, 400, -1, -1);
    timeline.complete(3);
    timeline.advance(400);
    expect(told).toEqual([
      'audible 1',
      'heard 1 100',
      'heard 1 silent',
      'audible 2',
      'heard 2 100',
      'audible 3',
      'heard 3 100',
    ]);
    expect(timeline.current).toBe(0);
  });

  it('does not wait for the end of a reply whose first audio is later than that of the next one', () => {
    const { timeline, told } = observed();
    timeline.written(2, 100, 0, 99);
    timeline.written(1, 200, 100, 199);
    timeline.complete(2);
    timeline.advance(200);
    expect(told).toEqual(['audible 2', 'heard 2 100', 'audible 1', 'heard 1 100']);
  });

  it('cuts nothing if nothing was queued', () => {
    const { timeline } = observed();
    expect(timeline.cut(1_000)).toBe(0);
    expect(timeline.heardFramesOfCut(0)).toBe(0);
  });
});
