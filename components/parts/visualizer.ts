/** The moving pictures: a module of its own beside the element's file, since a conversation needs none. */
import { barsLook } from './bars-look.js';
import type { VisualizerName } from './face-choices.js';
import { orbLook } from './orb-look.js';
import type { VisualizerLook } from './visualizer-look.js';

export { VisualizerPainter } from './visualizer-painter.js';

export const LOOKS: Readonly<Record<VisualizerName, VisualizerLook>> = { orb: orbLook, bars: barsLook };
