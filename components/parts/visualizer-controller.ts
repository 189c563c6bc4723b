import type { ReactiveControllerHost } from 'lit';
import type { Levels } from '../../src/index.js';
import type { VisualizerName } from './ui-choices.js';
import { LOOKS } from './visualizer-looks.js';
import { VisualizerPainter } from './visualizer-painter.js';

/**
 * Paints the canvas in a host's shadow root while both exist.
 * @returns A function that takes the latest levels. Those of a muted microphone are not shown.
 */
export function paintVisualizer(
  host: ReactiveControllerHost & HTMLElement,
  chooseLook: () => VisualizerName,
): (levels: Levels, muted: boolean) => void {
  let canvas: HTMLCanvasElement | null | undefined;
  let painter: VisualizerPainter | undefined;
  const hostDisconnected = (): void => {
    painter?.dispose();
    canvas = painter = undefined;
  };
  const hostUpdated = (): void => {
    // A call that ends with its removed tag still draws the end.
    const isShown = host.isConnected && host.ownerDocument.defaultView;
    const found = isShown ? host.shadowRoot!.querySelector('canvas') : undefined;
    const look = LOOKS[chooseLook()];
    if (found !== canvas) {
      hostDisconnected();
      canvas = found;
      // A simulated browser draws nothing.
      if (canvas?.getContext('2d')) painter = new VisualizerPainter(canvas, look);
    }
    if (painter) painter.look = look;
  };
  host.addController({ hostConnected: hostUpdated, hostUpdated, hostDisconnected });
  return ({ microphone, speaker }, muted) =>
    painter?.setLevels({ microphone: muted ? 0 : microphone, speaker });
}
