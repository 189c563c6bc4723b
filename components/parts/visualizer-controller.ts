import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { VisualizerPainter, type VisualizerLevels } from './visualizer-painter.js';
import type { VisualizerLook } from './visualizer-look.js';

/** Gives the canvas in a host's shadow root its painter, for as long as both are there. */
export class VisualizerController implements ReactiveController {
  readonly #host: HTMLElement;
  readonly #chooseLook: () => VisualizerLook;
  #canvas: HTMLCanvasElement | null | undefined;
  #painter: VisualizerPainter | undefined;

  constructor(host: ReactiveControllerHost & HTMLElement, chooseLook: () => VisualizerLook) {
    this.#host = host;
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
    const canvas = this.#host.shadowRoot?.querySelector('canvas');
    const look = this.#chooseLook();
    if (canvas !== this.#canvas) {
      this.hostDisconnected();
      this.#canvas = canvas;
      this.#painter = canvas ? new VisualizerPainter(canvas, look) : undefined;
    } else if (this.#painter) this.#painter.look = look;
  }

  hostDisconnected(): void {
    this.#painter?.dispose();
    this.#canvas = this.#painter = undefined;
  }
}
