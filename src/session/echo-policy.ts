/**
 * What is done about our own sound in the microphone. The browser's canceller takes most of it away; what it leaves is
 * taken by the service for a user who interrupts. A table, without clock or effects.
 */
import type { TurnDetection } from '../protocol/messages.js';

/** What the engine has measured so far. */
export interface EchoReport {
  /** How long our own sound was heard in this call. */
  readonly playedSeconds: number;
  /** How far it stands out of the microphone's noise, dB; the mean of the bands. */
  readonly echoAboveNoiseDb: number;
}

/** `none`: a headset, or a canceller that leaves nothing; `high`: the service hears our own sound. */
export type EchoLevel = 'unknown' | 'none' | 'some' | 'high';

export interface EchoMeasures {
  /** Of our own sound, dB. */
  readonly gainDb: number;
  /** What is wanted of the service; what the page has set is left alone. */
  readonly turnDetection: TurnDetection;
}

/** Before that, neither the canceller nor the measure has settled. */
const KNOWN_SECONDS = 3;
const SETTLED_SECONDS = 6;
/** Once settled; before, by so much more for each second. In rooms: `npm run room`. */
const HIGH_DB = 10;
const UNSETTLED_DB = 10 / 3;
/** What is high stays so until it is lower by this. */
const HYSTERESIS_DB = 2;
const NONE_DB = 4.5;
const TURNED_DOWN_DB = -6;

/** @param before what it was taken for so far */
export function echoLevel(before: EchoLevel, { playedSeconds, echoAboveNoiseDb }: EchoReport): EchoLevel {
  if (playedSeconds < KNOWN_SECONDS) return before;
  const wasHigh = before === 'high';
  // Turned down, our own sound stands out by that much less without leaking less.
  const aboveDb = wasHigh ? echoAboveNoiseDb - TURNED_DOWN_DB + HYSTERESIS_DB : echoAboveNoiseDb;
  if (aboveDb >= HIGH_DB + UNSETTLED_DB * Math.max(0, SETTLED_SECONDS - playedSeconds)) return 'high';
  if (aboveDb < NONE_DB) return 'none';
  // Measures that come and go would be heard: in between it stays what it is known for.
  return before === 'none' ? 'none' : 'some';
}

/** @param usualDelayMs the service's own `interruption_delay` */
export function echoMeasures(level: EchoLevel, usualDelayMs: number): EchoMeasures {
  const usual = usualTurns(usualDelayMs);
  switch (level) {
    // Nothing but the user can interrupt: sooner.
    case 'none':
      return { gainDb: 0, turnDetection: { ...usual, interruption_delay: Math.min(250, usualDelayMs) } };
    case 'high':
      return { gainDb: TURNED_DOWN_DB, turnDetection: { interruption_delay: 800, vad_threshold: 0.7 } };
    default:
      return { gainDb: 0, turnDetection: usual };
  }
}

/** What the service does by itself. Its threshold is not documented: the middle of the range. */
export function usualTurns(usualDelayMs: number): TurnDetection {
  return { interruption_delay: usualDelayMs, vad_threshold: 0.5 };
}
