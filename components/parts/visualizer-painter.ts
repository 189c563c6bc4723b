import type { Levels } from '../../src/index.js';
import { Follower, LEVELS_EXPIRE_MS, loudness } from './loudness.js';
import type { VisualizerColors, VisualizerLook } from './visualizer-look.js';

const MAX_PIXEL_RATIO = 2;

/**
 * Paints the levels of both sides on a canvas. It requests frames only during sound or a fade, so a silent visualizer
 * costs nothing. With `prefers-reduced-motion` it never moves.
 *
 * Its colours are the canvas's computed `color` (agent), `border-top-color` and `border-bottom-color` (second and
 * third colour), `outline-color` (user) and `column-rule-color` (quiet). So style sheets, themes and forced colours
 * apply to it as to any other box.
 */
export class VisualizerPainter {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  /** Its own window: a picture-in-picture window needs frames while the page is in the background. */
  readonly #view: Window & typeof globalThis;
  readonly #reducedMotion: MediaQueryList;
  readonly #end = new AbortController();
  readonly #sides = { microphone: new Follower(), speaker: new Follower() };
  #look: VisualizerLook;
  /** Loudness. */
  #levels: Levels = { microphone: 0, speaker: 0 };
  #levelsAtMs = 0;
  #frame = 0;
  #frameAtMs = 0;
  #timeMs = 0;

  /** @param canvas In a page, with the context `2d`. */
  constructor(canvas: HTMLCanvasElement, look: VisualizerLook) {
    this.#canvas = canvas;
    this.#context = canvas.getContext('2d')!;
    this.#look = look;
    this.#view = canvas.ownerDocument.defaultView!;
    const { signal } = this.#end;
    this.#reducedMotion = this.#view.matchMedia('(prefers-reduced-motion: reduce)');
    this.#reducedMotion.addEventListener('change', () => this.#still(), { signal });
    canvas.addEventListener('transitionend', () => this.redraw(), { signal });
    // Zoom changes the resolution, but not always the size.
    this.#view.addEventListener('resize', () => this.redraw(), { signal });
    const resizing = new this.#view.ResizeObserver(() => this.redraw());
    resizing.observe(canvas);
    signal.addEventListener('abort', () => resizing.disconnect());
  }

  set look(look: VisualizerLook) {
    if (look === this.#look) return;
    this.#look = look;
    this.redraw();
  }

  /** `true` while it requests frames. */
  get awake(): boolean {
    return this.#frame !== 0;
  }

  /** The latest levels; wakes the painter if they are visible. */
  setLevels(levels: Levels): void {
    const [microphone, speaker] = [loudness(levels.microphone), loudness(levels.speaker)];
    this.#levels = { microphone, speaker };
    this.#levelsAtMs = this.#view.performance.now();
    // Invisible without a size, for example in a closed card.
    if (this.awake || this.#reducedMotion.matches || !this.#canvas.clientWidth) return;
    if (microphone + speaker === 0) return;
    this.#frameAtMs = this.#levelsAtMs;
    this.#requestFrame();
  }

  /** Draws the current state, after a change of size, colour or look. */
  redraw(): void {
    const canvas = this.#canvas;
    const context = this.#context;
    const { clientWidth: width, clientHeight: height } = canvas;
    if (!width || !height) return;
    const ratio = Math.min(this.#view.devicePixelRatio, MAX_PIXEL_RATIO);
    const [pixelWidth, pixelHeight] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (canvas.width !== pixelWidth) canvas.width = pixelWidth;
    if (canvas.height !== pixelHeight) canvas.height = pixelHeight;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    const timeMs = this.#timeMs;
    this.#look({ context, width, height, timeMs, ...this.#sides, colors: colorsOf(canvas) });
  }

  dispose(): void {
    this.#sleep();
    this.#end.abort();
  }

  #requestFrame(): void {
    this.#frame = this.#view.requestAnimationFrame(() => this.#tick());
  }

  #tick(): void {
    const nowMs = this.#view.performance.now();
    const elapsedMs = Math.min(100, nowMs - this.#frameAtMs);
    this.#frameAtMs = nowMs;
    const isHeard = nowMs - this.#levelsAtMs < LEVELS_EXPIRE_MS;
    const { microphone, speaker } = this.#sides;
    microphone.step(isHeard ? this.#levels.microphone : 0, elapsedMs);
    speaker.step(isHeard ? this.#levels.speaker : 0, elapsedMs);
    this.#timeMs += elapsedMs * (0.35 + speaker.value);
    this.redraw();
    this.#frame = 0;
    if (this.#canvas.clientWidth && !(microphone.isSilent && speaker.isSilent)) this.#requestFrame();
  }

  #still(): void {
    this.#sleep();
    this.#sides.speaker.silence();
    this.#sides.microphone.silence();
    this.redraw();
  }

  #sleep(): void {
    this.#view.cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }
}

function colorsOf(canvas: HTMLCanvasElement): VisualizerColors {
  const { color, borderTopColor, borderBottomColor, outlineColor, columnRuleColor } =
    getComputedStyle(canvas);
  return [color, borderTopColor, borderBottomColor, outlineColor, columnRuleColor];
}
