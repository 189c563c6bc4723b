import { barsLook } from './bars-look.js';
import type { VisualizerName } from './ui-choices.js';
import { orbLook } from './orb-look.js';
import type { VisualizerLook } from './visualizer-look.js';

/** The values of the attribute `visualizer`. */
export const LOOKS: Readonly<Record<VisualizerName, VisualizerLook>> = { orb: orbLook, bars: barsLook };
