import { barsLook } from './bars-look.js';
import type { VisualizerName } from './face-choices.js';
import { orbLook } from './orb-look.js';
import type { VisualizerLook } from './visualizer-look.js';

/** The pictures that the attribute `visualizer` can name. */
export const LOOKS: Readonly<Record<VisualizerName, VisualizerLook>> = { orb: orbLook, bars: barsLook };
