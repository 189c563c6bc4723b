import { describe, expect, test } from 'vitest';
import { Host, describeLevel, describeSeconds, describeSpeech } from '../../../agent/host.js';
import { STORIES, TOOL_ANSWERS } from '../../../agent/host-lines.js';
import type { ToolConfig } from '../../../agent/protocol.js';
import { seededRandom } from '../../../agent/random.js';

const TOOL: ToolConfig = {
  type: 'function',
  name: 'roll_dice',
  description: 'Rolls dice.',
  parameters: { type: 'object', properties: { sides: { type: 'integer', minimum: 6 } } },
  timeout_seconds: 5,
};

function eightTurns(seed: number): string[] {
  const host = new Host(seededRandom(seed));
  return Array.from(
    { length: 8 },
    (_, turn) => host.heard({ durationMs: 1000 + 100 * turn, levelDb: -20 }, [TOOL]).text,
  );
}

describe('the description of speech', () => {
  test('has its length and level', () => {
    expect(describeSpeech({ durationMs: 1840, levelDb: -20 })).toBe('(1.8 s of speech, fairly loud)');
    expect([-10, -20, -30, -40, -50].map(describeLevel)).toEqual([
      'very loud',
      'fairly loud',
      'at an easy level',
      'rather quiet',
      'very quiet',
    ]);
    expect([1040, 2000, 2440, 30].map(describeSeconds)).toEqual([
      'one second',
      '2 seconds',
      '2.4 seconds',
      '0.1 seconds',
    ]);
  });

  test('compares it with earlier speech', () => {
    const host = new Host(seededRandom(1));
    host.heard({ durationMs: 1000, levelDb: -30 }, []);
    expect(host.heard({ durationMs: 3000, levelDb: -30 }, []).text).toContain('longer than before');
    expect(host.heard({ durationMs: 2900, levelDb: -15 }, []).text).toContain('louder than before');
    expect(host.heard({ durationMs: 1000, levelDb: -15 }, []).text).toContain('shorter');
  });
});

describe('the host', () => {
  test('says the same for the same seed, and differs for another', () => {
    expect(eightTurns(1)).toEqual(eightTurns(1));
    expect(eightTurns(2)).not.toEqual(eightTurns(1));
  });

  test('fills every placeholder and never repeats a line directly', () => {
    const turns = eightTurns(3);
    expect(turns.filter((text) => /[{}]/.test(text))).toEqual([]);
    expect(turns.filter((text, index) => text === turns[index - 1])).toEqual([]);
  });

  test('offers a joke and tells it, calls a tool, and tells a long story', () => {
    const host = new Host(seededRandom(1));
    const turns = Array.from({ length: 5 }, () => host.heard({ durationMs: 1500, levelDb: -25 }, [TOOL]));
    expect(turns[1]!.text).toMatch(/joke/);
    expect(turns[2]!.text).toContain('I take that for a yes');
    expect(turns[3]!.calls).toEqual([
      { name: 'roll_dice', arguments: { sides: 6 }, timeoutMs: 5000, serverSide: false },
    ]);
    expect(STORIES.some((story) => turns[4]!.text.endsWith(story))).toBe(true);
  });

  test('mentions that it was interrupted, once', () => {
    const host = new Host(seededRandom(1));
    host.interrupted();
    const interrupted = host.heard({ durationMs: 1500, levelDb: -25 }, []).text;
    expect(interrupted).toMatch(/cut me off|interrupted me|stopped at once/);
    expect(host.heard({ durationMs: 1500, levelDb: -25 }, []).text).not.toMatch(
      /cut me off|interrupted me|stopped at once/,
    );
  });
});

describe('asked by text', () => {
  const ask = (instructions: string, tools: readonly ToolConfig[] = []) =>
    new Host(seededRandom(1)).asked(instructions, tools);

  test.each([
    ['tell me a story', /Interrupt me|Stop me/],
    ['Hello!', /Hello to you/],
    ['thank you', /welcome/],
    ['what can you do?', /interrupt me, or type/],
    ['goodbye', /Goodbye/],
  ])('%s', (text, answer) => {
    expect(ask(text).text).toMatch(answer);
  });

  test('it repeats a text word for word if instructed to', () => {
    expect(ask('Say the rest of it, word for word and nothing else: "three, four."').text).toBe(
      'three, four.',
    );
  });

  test('it repeats text that it has no answer for, without unspeakable characters', () => {
    expect(ask('Say: "Is {this} <b>bold</b>?"').text).toContain('Is this b bold /b');
  });

  test('it calls the named tool, and says if there is none', () => {
    expect(ask('please use roll_dice now', [TOOL]).calls[0]?.name).toBe('roll_dice');
    expect(ask('use a tool').text).toBe(TOOL_ANSWERS.none);
  });

  test('it shortens a long result', () => {
    const { text } = new Host(seededRandom(1)).toolAnswered(
      'dump',
      JSON.stringify('long '.repeat(1000)),
      false,
    );
    expect(text.length).toBeLessThan(330);
  });
});
