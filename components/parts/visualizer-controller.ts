import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { VisualizerName } from './face-choices.js';
import type * as visualizerModule from './visualizer.js';
import type { VisualizerLevels, VisualizerPainter } from './visualizer-painter.js';

type Visualizer = typeof visualizerModule;

let loading: Promise<Visualizer | undefined> | undefined;

/** Once for the page. Where it cannot be had, the canvas stays as the style sheet paints it. */
function load(): Promise<Visualizer | undefined> {
  return (loading ??= import('./visualizer.js').catch(() => undefined));
}

/** Gives the canvas in a host's shadow root its painter, for as long as both are there. */
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

  /** @param muted The microphone goes on hearing while it is muted; nobody else does, so it is not shown. */
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
    if (canvas) void this.#paint(canvas);
  }

  hostDisconnected(): void {
    this.#painter?.dispose();
    this.#canvas = this.#painter = undefined;
  }

  async #paint(canvas: HTMLCanvasElement): Promise<void> {
    const visualizer = await load();
    // Meanwhile the host may have left, or drawn another one.
    if (!visualizer || canvas !== this.#canvas) return;
    const look = visualizer.LOOKS[this.#chooseLook()];
    this.#painter ??= new visualizer.VisualizerPainter(canvas, look);
    this.#painter.look = look;
  }
}
