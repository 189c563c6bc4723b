/** How often the local agent takes its own voice in the microphone for the user: its real detector on a recording. */
import { Hearing } from '../../agent/hearing.js';
import { DEFAULT_TURN_SETTINGS, TurnDetector } from '../../agent/turns.js';
import type { EchoMeasures } from '../../src/session/echo-policy.js';

/** The service's own time before `interruption_delay` counts, as in agent/session.ts. */
const REACTION_MS = 600;
const BLOCK = 480;

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * @param microphone what the service receives, @param alone when nobody but the agent spoke, on the same clock
 * @returns the number of interruptions in that time
 */
export async function selfInterruptions(
  microphone: Float32Array,
  rateHz: number,
  alone: readonly Span[],
  { vad_threshold = 0.5, interruption_delay = 500 }: EchoMeasures['turnDetection'],
): Promise<number> {
  const hearing = await Hearing.create();
  hearing.setRate(rateHz);
  hearing.setThreshold(vad_threshold);
  const turns = new TurnDetector({
    ...DEFAULT_TURN_SETTINGS,
    interruptionDelayMs: REACTION_MS + interruption_delay,
  });
  let count = 0;
  for (let first = 0; first < microphone.length; first += BLOCK) {
    const ms = (first / rateHz) * 1_000;
    const isAlone = alone.some(({ fromMs, toMs }) => ms >= fromMs && ms < toMs);
    for (const frame of hearing.hear(microphone.subarray(first, first + BLOCK))) {
      const events = turns.hear(isAlone ? frame : { ...frame, voiced: false }, true);
      if (isAlone) count += events.filter(({ type }) => type === 'interrupted').length;
    }
  }
  hearing.close();
  return count;
}
