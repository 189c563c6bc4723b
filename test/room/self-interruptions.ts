/** How often the local agent takes its own voice in the microphone for the user: its real detector on a recording. */
import { Hearing } from '../../agent/hearing.js';
import { DEFAULT_TURN_SETTINGS, TurnDetector } from '../../agent/turns.js';
import type { Sound } from '../support/wav.js';
import type { EchoMeasures } from '../../src/session/echo-policy.js';

/** The service's own time before `interruption_delay` counts, as in agent/session.ts. */
const REACTION_MS = 600;
const BLOCK = 480;
const USUAL: EchoMeasures['turnDetection'] = { vad_threshold: 0.5, interruption_delay: 500 };

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What the service is asked for from that time on. */
export interface Asked {
  readonly fromMs: number;
  readonly turnDetection: EchoMeasures['turnDetection'];
}

/**
 * @param alone when nobody but the agent spoke, @param asked in the order of time, both on the clock of the recording
 * @returns the number of interruptions in that time
 */
export async function selfInterruptions(
  { samples, rateHz }: Sound,
  alone: readonly Span[],
  asked: readonly Asked[],
): Promise<number> {
  const hearing = await Hearing.create();
  hearing.setRate(rateHz);
  const turns = new TurnDetector(DEFAULT_TURN_SETTINGS);
  let set: Asked['turnDetection'] | undefined;
  let count = 0;
  for (let first = 0; first < samples.length; first += BLOCK) {
    const ms = (first / rateHz) * 1_000;
    const now = asked.findLast(({ fromMs }) => fromMs <= ms)?.turnDetection ?? USUAL;
    if (now !== set) {
      set = now;
      const { vad_threshold = 0.5, interruption_delay = 500 } = now;
      hearing.setThreshold(vad_threshold);
      turns.settings = { ...DEFAULT_TURN_SETTINGS, interruptionDelayMs: REACTION_MS + interruption_delay };
    }
    const isAlone = alone.some(({ fromMs, toMs }) => ms >= fromMs && ms < toMs);
    for (const frame of hearing.hear(samples.subarray(first, first + BLOCK))) {
      const events = turns.hear(isAlone ? frame : { ...frame, voiced: false }, true);
      if (isAlone) count += events.filter(({ type }) => type === 'interrupted').length;
    }
  }
  hearing.close();
  return count;
}
