import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FaultCounters, FAULT_FLAGS, HEALTHY, parseFaults } from '../../../agent/faults.js';
import { projectRoot } from '../../../scripts/project-root.mjs';

describe('parseFaults', () => {
  test('without flags there are no faults', () => {
    expect(parseFaults([])).toEqual(HEALTHY);
  });

  test('reads lists and repeated flags, in their own units', () => {
    expect(parseFaults(['latency=120,jitter=40', 'cut=2.5', 'speed=10', 'odd-bytes'])).toEqual({
      ...HEALTHY,
      latencyMs: 120,
      jitterMs: 40,
      cutAfterMs: 2500,
      speed: 10,
      oddBytes: true,
    });
  });

  test('knows exactly the faults in the table of the README', () => {
    const readme = readFileSync(join(projectRoot, 'agent/README.md'), 'utf8');
    const rows = /^## Faults\n([^]*?)^## /m.exec(readme)![1]!.match(/^\| `.*/gm)!;
    const names = rows.flatMap((row) =>
      // The first code of the cell, and others after a comma; those after a bar are values.
      [...row.split(' | ')[0]!.matchAll(/(?:^\| |, )`([a-z-]+)/g)].map(([, name]) => name),
    );
    expect(names.toSorted()).toEqual(Object.keys(FAULT_FLAGS).toSorted());
  });

  test('adds to the faults that the agent was started with', () => {
    const base = parseFaults(['latency=50,seed=9']);
    expect(parseFaults(['stall=300'], base)).toEqual({ ...HEALTHY, latencyMs: 50, seed: 9, stallMs: 300 });
  });

  test.each([
    ['unheard-of', /Unknown fault "unheard-of"; known are .*latency/],
    ['latency=soon', /"latency" needs a number/],
    ['jitter-share=2', /"jitter-share" needs a number from 0 to 1/],
    ['refuse-resume=maybe', /"refuse-resume" needs one of session_not_found/],
    ['constructor', /Unknown fault/],
  ])('refuses %s by name', (flag, message) => {
    expect(() => parseFaults([flag])).toThrow(message);
  });

  test('every flag changes something, with its default or a value', () => {
    const inert = Object.keys(FAULT_FLAGS).filter((name) => {
      const value =
        {
          'audio-burst': '=1000',
          'jitter-share': '=0.5',
          'jitter-min': '=20',
          'stall-after': '=9',
          seed: '=5',
        }[name] ?? '';
      return JSON.stringify(parseFaults([`${name}${value}`])) === JSON.stringify(HEALTHY);
    });
    expect(inert).toEqual([]);
  });
});

test('counters are separate for each scope and event', () => {
  const counters = new FaultCounters();
  const capacity = [1, 2, 3].map(() => counters.take('page', 'capacity', 2));
  expect(capacity).toEqual([true, true, false]);
  expect(counters.take('other page', 'capacity', 2)).toBe(true);
  expect(counters.take('page', 'cut', 1)).toBe(true);
});
