import { describe, expect, test } from 'vitest';
import type { HeardFrame } from '../../../agent/hearing.js';
import {
  DEFAULT_TURN_SETTINGS,
  SERVICE_SPREAD_MS,
  TurnDetector,
  type TurnEvent,
  type TurnSettings,
} from '../../../agent/turns.js';

const FRAME_MS = 10;

interface Dated {
  readonly atMs: number;
  readonly event: TurnEvent;
}

/** A conversation as a list of `[sound, duration]`. */
type Score = readonly (readonly ['voice' | 'silence', number])[];

function play(
  score: Score,
  agentSpeaking: (atMs: number) => boolean,
  changes: Partial<TurnSettings> = {},
): Dated[] {
  const detector = new TurnDetector({ ...DEFAULT_TURN_SETTINGS, ...changes });
  const events: Dated[] = [];
  let atMs = 0;
  for (const [what, durationMs] of score) {
    const frame: HeardFrame = { voiced: what === 'voice', levelDb: what === 'voice' ? -20 : -80 };
    for (let played = 0; played < durationMs; played += FRAME_MS) {
      for (const event of detector.hear(frame, agentSpeaking(atMs)))
        events.push({ atMs: atMs + FRAME_MS, event });
      atMs += FRAME_MS;
    }
  }
  return events;
}

const silentAgent = (): boolean => false;
const speakingAgent = (): boolean => true;

function find(events: readonly Dated[], type: TurnEvent['type']): Dated | undefined {
  return events.find(({ event }) => event.type === type);
}

function types(events: readonly Dated[]): string[] {
  return events.map(({ event }) => event.type).filter((type) => type !== 'growing');
}

describe('while the agent is silent', () => {
  test('speech is announced after the start delay and ends after the silence, with its true length', () => {
    const events = play(
      [
        ['silence', 300],
        ['voice', 1800],
        ['silence', 1000],
      ],
      silentAgent,
    );
    expect(types(events)).toEqual(['started', 'ended']);
    expect(find(events, 'started')?.atMs).toBe(300 + DEFAULT_TURN_SETTINGS.startDelayMs);
    expect(find(events, 'ended')).toEqual({
      atMs: 300 + 1800 + DEFAULT_TURN_SETTINGS.minSilenceMs,
      event: { type: 'ended', speech: { durationMs: 1800, levelDb: expect.closeTo(-20, 6) as number } },
    });
  });

  test('a short "yes" is a turn, too', () => {
    expect(
      types(
        play(
          [
            ['voice', 250],
            ['silence', 1500],
          ],
          silentAgent,
        ),
      ),
    ).toEqual(['started', 'ended']);
  });

  test('a click is not a turn', () => {
    expect(
      play(
        [
          ['voice', 60],
          ['silence', 1500],
        ],
        silentAgent,
      ),
    ).toEqual([]);
  });

  test('beeps twice a second are taken for a turn once at most, and speech over them is detected', () => {
    const beeps = (seconds: number): Score =>
      Array.from({ length: seconds * 4 }, (_, index) => [
        index % 2 === 0 ? 'voice' : 'silence',
        index % 2 === 0 ? 160 : 340,
      ]);
    const events = play([...beeps(20), ['voice', 1500], ...beeps(10)], silentAgent);
    expect(types(events)).toEqual(['started', 'ended', 'started', 'ended']);
    expect(find(events, 'ended')?.atMs).toBeLessThan(4000);
    expect(events.filter(({ event }) => event.type === 'started')[1]?.atMs).toBeCloseTo(20_600, -2);
  });

  test('a single short word is a turn right after another turn, too', () => {
    const events = play(
      [
        ['voice', 900],
        ['silence', 700],
        ['voice', 150],
        ['silence', 700],
      ],
      silentAgent,
    );
    expect(types(events)).toEqual(['started', 'ended', 'started', 'ended']);
  });

  test('a pause shorter than min_silence does not end the turn', () => {
    const events = play(
      [
        ['voice', 800],
        ['silence', 400],
        ['voice', 800],
        ['silence', 1000],
      ],
      silentAgent,
    );
    expect(types(events)).toEqual(['started', 'ended']);
  });

  test('the growing length is reported every 400 ms at most', () => {
    const events = play(
      [
        ['voice', 2000],
        ['silence', 700],
      ],
      silentAgent,
    ).filter(({ event }) => event.type === 'growing');
    const lengths = events.map(({ event }) => (event.type === 'growing' ? event.speech.durationMs : 0));
    expect(lengths).toEqual([600, 1000, 1400, 1800]);
  });
});

describe('while the agent speaks', () => {
  test('a back-channel changes nothing', () => {
    expect(
      play(
        [
          ['voice', 450],
          ['silence', 2000],
          ['voice', 500],
          ['silence', 900],
        ],
        speakingAgent,
      ),
    ).toEqual([]);
  });

  test('speech interrupts after the interruption delay, without being announced before', () => {
    const events = play(
      [
        ['silence', 200],
        ['voice', 1500],
      ],
      speakingAgent,
    );
    expect(types(events)).toEqual(['interrupted']);
    expect(find(events, 'interrupted')?.atMs).toBe(200 + DEFAULT_TURN_SETTINGS.interruptionDelayMs);
  });

  test('nothing interrupts if the session forbids it', () => {
    expect(play([['voice', 4000]], speakingAgent, { interruptResponse: false })).toEqual([]);
  });

  test('speech that outlasts the reply is a separate turn', () => {
    const events = play(
      [
        ['voice', 1600],
        ['silence', 1000],
      ],
      (atMs) => atMs < 800,
    );
    expect(types(events)).toEqual(['started', 'ended']);
    expect(find(events, 'started')?.atMs).toBe(810);
  });

  test('crackle that is mostly silence does not interrupt', () => {
    const crackle = Array.from({ length: 20 }, () => [
      ['voice', 40] as const,
      ['silence', 90] as const,
    ]).flat();
    expect(play(crackle, speakingAgent)).toEqual([]);
  });

  test('an early alarm is raised and withdrawn, if enabled', () => {
    const events = play(
      [
        ['voice', 450],
        ['silence', 900],
      ],
      speakingAgent,
      { alarmDelayMs: 250 },
    );
    expect(types(events)).toEqual(['alarm', 'alarm-over']);
    expect(events[0]?.atMs).toBe(250);
  });

  test('a true early alarm becomes an interruption', () => {
    expect(types(play([['voice', 1500]], speakingAgent, { alarmDelayMs: 250 }))).toEqual([
      'alarm',
      'interrupted',
    ]);
  });
});

test('with a spread, each barge-in is decided at a different time, never before its delay', () => {
  const numbers = [0, 0.5, 0.999];
  const detector = new TurnDetector(
    { ...DEFAULT_TURN_SETTINGS, interruptionSpreadMs: SERVICE_SPREAD_MS },
    () => numbers.shift() ?? 0,
  );
  const decisions: number[] = [];
  for (let turn = 0; turn < 3; turn++) {
    for (let atMs = 0; atMs < 5000; atMs += FRAME_MS) {
      const voiced = atMs < 3000;
      const events = detector.hear({ voiced, levelDb: voiced ? -20 : -80 }, true);
      if (events.some(({ type }) => type === 'interrupted')) decisions.push(atMs + FRAME_MS);
    }
  }
  expect(decisions).toEqual([1100, 1650, 2200]);
});
