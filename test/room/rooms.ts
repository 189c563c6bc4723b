/** The rooms of the measurement: the positions of loudspeaker and microphone, and other sounds. */

export type Background = 'typing' | 'music' | 'voice';

export interface Room {
  readonly name: string;
  /** Energy of the echo at the microphone relative to the loudspeaker's signal, dB. */
  readonly gainDb: number;
  /** Delay from the loudspeaker to the microphone, without that of the system. */
  readonly delayMs: number;
  readonly rt60Ms: number;
  /** Share of a saturating loudspeaker (tanh 3x), 0 … 1, which no linear canceller removes. */
  readonly nonlinear: number;
  /** White noise of the microphone, dBFS. */
  readonly noiseDb: number;
  /** Level of the near voice while it speaks, dBFS. */
  readonly nearDb: number;
  /** Noise that falls by 6 dB an octave above 200 Hz, dBFS. */
  readonly fanDb?: number;
  readonly background?: Background;
  readonly backgroundDb?: number;
  /** Times in seconds at which a person moves: the room's response changes. */
  readonly changesAtSeconds?: readonly number[];
  /** `worst`: up to 3 false ducks in 10 min are allowed; `others`: other sounds than the agent, not counted. */
  readonly kind: 'ordinary' | 'worst' | 'others';
}

const QUIET = { noiseDb: -66, nearDb: -26, kind: 'ordinary' } as const;

export const ROOMS: readonly Room[] = [
  { name: 'headset', gainDb: -70, delayMs: 5, rt60Ms: 30, nonlinear: 0, ...QUIET },
  { name: 'office', gainDb: -6, delayMs: 20, rt60Ms: 150, nonlinear: 0, ...QUIET },
  { name: 'living room', gainDb: 0, delayMs: 40, rt60Ms: 300, nonlinear: 0.3, ...QUIET },
  { name: 'kitchen', gainDb: 0, delayMs: 30, rt60Ms: 500, nonlinear: 0.1, ...QUIET },
  { name: 'loud laptop', gainDb: 6, delayMs: 80, rt60Ms: 500, nonlinear: 0.8, ...QUIET, kind: 'worst' },
  { name: 'phone on a table', gainDb: 3, delayMs: 10, rt60Ms: 100, nonlinear: 0.5, ...QUIET },
  { name: 'fan', gainDb: -6, delayMs: 20, rt60Ms: 200, nonlinear: 0.1, ...QUIET, fanDb: -44 },
  {
    name: 'typing',
    gainDb: -6,
    delayMs: 20,
    rt60Ms: 150,
    nonlinear: 0,
    ...QUIET,
    background: 'typing',
    backgroundDb: -20,
  },
  {
    name: 'music',
    gainDb: -6,
    delayMs: 30,
    rt60Ms: 250,
    nonlinear: 0.1,
    ...QUIET,
    background: 'music',
    backgroundDb: -46,
    kind: 'others',
  },
  {
    name: 'second voice',
    gainDb: -3,
    delayMs: 30,
    rt60Ms: 300,
    nonlinear: 0.1,
    ...QUIET,
    background: 'voice',
    backgroundDb: -48,
    kind: 'others',
  },
  { name: 'wireless speaker', gainDb: -3, delayMs: 180, rt60Ms: 250, nonlinear: 0.2, ...QUIET },
  {
    name: 'hall',
    gainDb: -3,
    delayMs: 50,
    rt60Ms: 800,
    nonlinear: 0.1,
    ...QUIET,
    noiseDb: -60,
    kind: 'worst',
  },
  {
    name: 'car',
    gainDb: 0,
    delayMs: 10,
    rt60Ms: 60,
    nonlinear: 0.3,
    ...QUIET,
    noiseDb: -60,
    nearDb: -24,
    fanDb: -38,
  },
  {
    name: 'moving',
    gainDb: -3,
    delayMs: 25,
    rt60Ms: 250,
    nonlinear: 0.1,
    ...QUIET,
    changesAtSeconds: [8, 16, 24, 32, 40],
    kind: 'worst',
  },
];
