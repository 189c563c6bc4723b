/**
 * Turn-taking as observed in the Voice Agent API, as a pure state machine: 10 ms frames in, events out. Time is counted
 * in samples, so a recording gives the same events at any speed of arrival.
 */
import { HEARD_FRAME_MS, type HeardFrame } from './hearing.js';
import type { Random } from './random.js';

export interface TurnSettings {
  /** From the onset of speech to `started`, while the agent is silent. */
  readonly startDelayMs: number;
  /** Silence that ends a turn. */
  readonly minSilenceMs: number;
  /** Minimum length of speech that interrupts the agent; shorter speech is a back-channel. */
  readonly interruptionDelayMs: number;
  /** Maximum of the random time added to that delay. */
  readonly interruptionSpreadMs: number;
  readonly interruptResponse: boolean;
  /** While the agent speaks: raise an `alarm` this long after the onset, before the decision. */
  readonly alarmDelayMs: number | undefined;
}

/** The service was observed to take 0.6 s to report speech and 1.1 … 2.2 s to decide on a barge-in. */
export const DEFAULT_TURN_SETTINGS: TurnSettings = {
  startDelayMs: 600,
  minSilenceMs: 600,
  interruptionDelayMs: 1100,
  interruptionSpreadMs: 0,
  interruptResponse: true,
  alarmDelayMs: undefined,
};

/** The observed spread of that decision. */
export const SERVICE_SPREAD_MS = 1100;

export interface SpeechMeasure {
  /** From onset to the last voiced frame. */
  readonly durationMs: number;
  /** Mean power of the voiced frames, dB of full scale. */
  readonly levelDb: number;
}

export type TurnEvent =
  | { readonly type: 'started' }
  | { readonly type: 'interrupted' }
  | { readonly type: 'alarm' }
  | { readonly type: 'alarm-over' }
  | { readonly type: 'growing'; readonly speech: SpeechMeasure }
  | { readonly type: 'ended'; readonly speech: SpeechMeasure };

/** Less voice than this is a click, a cough or a chair. */
const MIN_VOICED_MS = 120;
/** A pause of this length ends a back-channel. */
const CANDIDATE_GAP_MS = 350;
const GROWTH_EVERY_MS = 400;
/** Share of an interruption that must be voice. */
const INTERRUPTION_VOICED_SHARE = 0.55;
const STILL_SPEAKING_MS = 200;
/** Below this share of voice, over `NOISE_AFTER_MS` and two pauses, the sound is noise (beeps) and ends the turn. */
const NOISE_VOICED_SHARE = 0.4;
/** Minimum share of voice in a turn right after other voice, so that two beeps within the start delay are no turn. */
const FOLLOWING_VOICED_SHARE = 0.5;
const NOISE_AFTER_MS = 2000;

interface Candidate {
  readonly onsetMs: number;
  /** Length of speech after which it interrupts the agent. */
  readonly decisionMs: number;
  lastVoicedMs: number;
  voicedMs: number;
  energy: number;
  /** Preceded by silence, so a single short word is a turn. */
  readonly alone: boolean;
  confirmed: boolean;
  alarmed: boolean;
  reportedMs: number;
}

export class TurnDetector {
  settings: TurnSettings;
  readonly #random: Random;
  #nowMs = 0;
  #speech: Candidate | undefined;
  /** Times of voiced frames within the window of `#isNoise`. */
  #voicedAtMs: number[] = [];

  /** @param random decides within the spread */
  constructor(settings: TurnSettings = DEFAULT_TURN_SETTINGS, random: Random = () => 0) {
    this.settings = settings;
    this.#random = random;
  }

  /** There is more voice than a click, whether or not it becomes a turn. */
  get hearsVoice(): boolean {
    return (this.#speech?.voicedMs ?? 0) >= MIN_VOICED_MS;
  }

  /**
   * @param agentSpeaking a reply is being sent
   * @param mayInterrupt the reply can be interrupted
   */
  hear(frame: HeardFrame, agentSpeaking: boolean, mayInterrupt = true): TurnEvent[] {
    this.#nowMs += HEARD_FRAME_MS;
    while (this.#voicedAtMs[0]! <= this.#nowMs - this.#noiseWindowMs) this.#voicedAtMs.shift();
    if (frame.voiced) this.#addVoice(frame);
    const speech = this.#speech;
    if (!speech) return [];
    if (speech.confirmed) return this.#follow(speech);
    return agentSpeaking ? this.#weigh(speech, mayInterrupt) : this.#consider(speech);
  }

  #addVoice(frame: HeardFrame): void {
    this.#speech ??= {
      onsetMs: this.#nowMs - HEARD_FRAME_MS,
      decisionMs: this.settings.interruptionDelayMs + this.#random() * this.settings.interruptionSpreadMs,
      lastVoicedMs: this.#nowMs,
      voicedMs: 0,
      energy: 0,
      alone: this.#nowMs - (this.#voicedAtMs.at(-1) ?? -Infinity) > this.settings.minSilenceMs,
      confirmed: false,
      alarmed: false,
      reportedMs: 0,
    };
    this.#voicedAtMs.push(this.#nowMs);
    this.#speech.lastVoicedMs = this.#nowMs;
    this.#speech.voicedMs += HEARD_FRAME_MS;
    this.#speech.energy += 10 ** (frame.levelDb / 10) * HEARD_FRAME_MS;
  }

  /** While the agent is silent: decides whether a turn begins. */
  #consider(speech: Candidate): TurnEvent[] {
    const silentMs = this.#nowMs - speech.lastVoicedMs;
    const spoken = speech.voicedMs >= MIN_VOICED_MS;
    if (!spoken) {
      if (silentMs < CANDIDATE_GAP_MS) return [];
      return this.#drop(speech);
    }
    const elapsedMs = this.#nowMs - speech.onsetMs;
    if (elapsedMs < this.settings.startDelayMs && silentMs < this.settings.minSilenceMs) return [];
    if (!speech.alone && speech.voicedMs < elapsedMs * FOLLOWING_VOICED_SHARE) return this.#drop(speech);
    speech.confirmed = true;
    return [{ type: 'started' }, ...this.#follow(speech)];
  }

  /** While the agent speaks: decides whether this is an interruption or a back-channel. */
  #weigh(speech: Candidate, mayInterrupt: boolean): TurnEvent[] {
    const { interruptResponse, alarmDelayMs } = this.settings;
    const elapsedMs = this.#nowMs - speech.onsetMs;
    const silentMs = this.#nowMs - speech.lastVoicedMs;
    if (silentMs >= CANDIDATE_GAP_MS) return this.#drop(speech);
    const events: TurnEvent[] = [];
    if (
      alarmDelayMs !== undefined &&
      !speech.alarmed &&
      elapsedMs >= alarmDelayMs &&
      speech.voicedMs >= MIN_VOICED_MS
    ) {
      speech.alarmed = true;
      events.push({ type: 'alarm' });
    }
    const mostlyVoice = speech.voicedMs >= elapsedMs * INTERRUPTION_VOICED_SHARE;
    if (
      interruptResponse &&
      mayInterrupt &&
      elapsedMs >= speech.decisionMs &&
      mostlyVoice &&
      silentMs <= STILL_SPEAKING_MS
    ) {
      speech.confirmed = true;
      events.push({ type: 'interrupted' }, ...this.#follow(speech));
    }
    return events;
  }

  /** During the user's turn: reports its length and its end. */
  #follow(speech: Candidate): TurnEvent[] {
    const measure = this.#measure(speech);
    if (this.#nowMs - speech.lastVoicedMs >= this.settings.minSilenceMs || this.#isNoise(speech)) {
      this.#speech = undefined;
      return [{ type: 'ended', speech: measure }];
    }
    if (measure.durationMs - speech.reportedMs < GROWTH_EVERY_MS) return [];
    speech.reportedMs = measure.durationMs;
    return [{ type: 'growing', speech: measure }];
  }

  get #noiseWindowMs(): number {
    return NOISE_AFTER_MS + 2 * this.settings.minSilenceMs;
  }

  #isNoise({ onsetMs }: Candidate): boolean {
    const windowMs = this.#noiseWindowMs;
    const voicedMs = this.#voicedAtMs.length * HEARD_FRAME_MS;
    return this.#nowMs - onsetMs >= windowMs && voicedMs < windowMs * NOISE_VOICED_SHARE;
  }

  #drop(speech: Candidate): TurnEvent[] {
    this.#speech = undefined;
    return speech.alarmed ? [{ type: 'alarm-over' }] : [];
  }

  #measure(speech: Candidate): SpeechMeasure {
    return {
      durationMs: speech.lastVoicedMs - speech.onsetMs,
      levelDb: 10 * Math.log10(speech.energy / speech.voicedMs),
    };
  }
}
