import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { VisualizerName } from './face-choices.js';
import { LOOKS } from './visualizer-looks.js';
import { VisualizerPainter, type VisualizerLevels } from './visualizer-painter.js';

/** Connects the canvas in a host's shadow root with a painter while both exist. */
export class VisualizerController implements ReactiveController {
  readonly #host: HTMLElement;
  readonly #chooseLook: () => VisualizerName;
  #canvas: HTMLCanvasElement | null | undefined;
  #painter: VisualizerPainter | undefined;

  constructor(host: ReactiveControllerHost & HTMLElement, chooseLook: () => VisualizerName) {
    this.#host = host;
    this.#chooseLook = chooseLook;
    host.addController(this);
  }

  /** @param muted A muted microphone still measures levels, but nobody hears it, so they are not shown. */
  setLevels({ microphone, speaker }: VisualizerLevels, muted: boolean): void {
    this.#painter?.setLevels({ microphone: muted ? 0 : microphone, speaker });
  }

  hostConnected(): void {
    this.hostUpdated();
  }

  hostUpdated(): void {
    const canvas = this.#host.shadowRoot?.querySelector('canvas');
    if (canvas !== this.#canvas) {
      this.hostDisconnected();
      this.#canvas = canvas;
    }
    if (canvas) this.#paint(canvas);
  }

  hostDisconnected(): void {
    this.#painter?.dispose();
    this.#canvas = this.#painter = undefined;
  }

  #paint(canvas: HTMLCanvasElement): void {
    const look = LOOKS[this.#chooseLook()];
    this.#painter ??= new VisualizerPainter(canvas, look);
    this.#painter.look = look;
  }
}
