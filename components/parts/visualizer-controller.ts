import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { VisualizerPainter, type VisualizerLevels } from './visualizer-painter.js';
import type { VisualizerLook } from './visualizer-look.js';

/** Gives the canvas in a host's shadow root its painter, for as long as both are there. */
export class VisualizerController implements ReactiveController {
  readonly #findCanvas: () => HTMLCanvasElement | null | undefined;
  readonly #chooseLook: () => VisualizerLook;
  #canvas: HTMLCanvasElement | undefined;
  #painter: VisualizerPainter | undefined;

  constructor(
    host: ReactiveControllerHost,
    findCanvas: () => HTMLCanvasElement | null | undefined,
    chooseLook: () => VisualizerLook,
  ) {
    this.#findCanvas = findCanvas;
    this.#chooseLook = chooseLook;
    host.addController(this);
  }

  /** @param muted The microphone goes on hearing while it is muted; nobody else does, so it is not shown. */
  setLevels({ microphone, speaker }: VisualizerLevels, muted: boolean): void {
    this.#painter?.setLevels({ microphone: muted ? 0 : microphone, speaker });
  }

  hostConnected(): void {
    this.hostUpdated();
  }

  hostUpdated(): void {
    const canvas = this.#findCanvas() ?? undefined;
    if (canvas !== this.#canvas) {
      this.hostDisconnected();
      this.#canvas = canvas;
      this.#painter = canvas && new VisualizerPainter(canvas, this.#chooseLook());
    }
    const look = this.#chooseLook();
    if (this.#painter && this.#painter.look !== look) this.#painter.look = look;
  }

  hostDisconnected(): void {
    this.#painter?.dispose();
    this.#painter = undefined;
    this.#canvas = undefined;
  }
}
