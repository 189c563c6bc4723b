import { Follower, loudness } from './loudness.js';
import type { VisualizerColors, VisualizerLook } from './visualizer-look.js';

/** RMS of each side, linear, 0…1. */
export interface VisualizerLevels {
  readonly microphone: number;
  readonly speaker: number;
}

const HISTORY_STEP_MS = 25;
/** Levels arrive about every 33 ms while there is sound; without one for this long, there is silence. */
const LEVELS_EXPIRE_MS = 150;
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
  readonly #context: CanvasRenderingContext2D | null;
  /** The canvas's own: of a small window beside a page in the background, the page's frames do not come. */
  readonly #view: Window & typeof globalThis;
  readonly #reducedMotion: MediaQueryList | undefined;
  readonly #resizing: ResizeObserver | undefined;
  readonly #speaker = new Follower();
  readonly #microphone = new Follower();
  #look: VisualizerLook;
  #levels: VisualizerLevels = { microphone: 0, speaker: 0 };
  #levelsAtMs = 0;
  #frame = 0;
  #frameAtMs = 0;
  #timeMs = 0;
  #historyDueMs = 0;

  constructor(canvas: HTMLCanvasElement, look: VisualizerLook) {
    this.#canvas = canvas;
    this.#context = canvas.getContext('2d');
    this.#look = look;
    this.#view = canvas.ownerDocument.defaultView ?? window;
    // Neither is in every environment of tests.
    const { matchMedia, ResizeObserver: Observer } = this.#view as Partial<typeof globalThis>;
    this.#reducedMotion = matchMedia?.call(this.#view, '(prefers-reduced-motion: reduce)');
    this.#resizing = Observer && new Observer(() => this.redraw());
    this.#resizing?.observe(canvas);
    this.#reducedMotion?.addEventListener('change', this.#still);
    canvas.addEventListener('transitionend', this.redraw);
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
  setLevels(levels: VisualizerLevels): void {
    this.#levels = levels;
    this.#levelsAtMs = this.#view.performance.now();
    // Invisible without a size, for example in a closed card.
    if (this.awake || this.#reducedMotion?.matches || !this.#canvas.clientWidth) return;
    if (loudness(levels.microphone) + loudness(levels.speaker) === 0) return;
    this.#frameAtMs = this.#levelsAtMs;
    this.#frame = this.#view.requestAnimationFrame(this.#tick);
  }

  /** Draws the current state, after a change of size, colour or look. */
  readonly redraw = (): void => {
    const canvas = this.#canvas;
    const context = this.#context;
    const { clientWidth: width, clientHeight: height } = canvas;
    if (!context || !width || !height) return;
    const ratio = Math.min(this.#view.devicePixelRatio, MAX_PIXEL_RATIO);
    const [pixelWidth, pixelHeight] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (canvas.width !== pixelWidth) canvas.width = pixelWidth;
    if (canvas.height !== pixelHeight) canvas.height = pixelHeight;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    this.#look({
      context,
      width,
      height,
      timeMs: this.#timeMs,
      speaker: this.#speaker,
      microphone: this.#microphone,
      colors: colorsOf(canvas),
    });
  };

  dispose(): void {
    this.#sleep();
    this.#resizing?.disconnect();
    this.#reducedMotion?.removeEventListener('change', this.#still);
    this.#canvas.removeEventListener('transitionend', this.redraw);
  }

  readonly #tick = (nowMs: number): void => {
    // The first frame's timestamp may precede the call that requested it.
    const elapsedMs = Math.min(100, Math.max(0, nowMs - this.#frameAtMs));
    this.#frameAtMs = nowMs;
    const heard = nowMs - this.#levelsAtMs < LEVELS_EXPIRE_MS;
    const [microphone, speaker] = [this.#microphone, this.#speaker];
    microphone.step(heard ? loudness(this.#levels.microphone) : 0, elapsedMs);
    speaker.step(heard ? loudness(this.#levels.speaker) : 0, elapsedMs);
    this.#timeMs += elapsedMs * (0.35 + speaker.value);
    for (this.#historyDueMs += elapsedMs; this.#historyDueMs >= HISTORY_STEP_MS;) {
      this.#historyDueMs -= HISTORY_STEP_MS;
      microphone.record();
      speaker.record();
    }
    this.redraw();
    const isDone = (microphone.isSilent && speaker.isSilent) || !this.#canvas.clientWidth;
    this.#frame = isDone ? 0 : this.#view.requestAnimationFrame(this.#tick);
  };

  readonly #still = (): void => {
    this.#sleep();
    this.#speaker.silence();
    this.#microphone.silence();
    this.redraw();
  };

  #sleep(): void {
    this.#view.cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }
}

function colorsOf(canvas: HTMLCanvasElement): VisualizerColors {
  const style = getComputedStyle(canvas);
  return {
    agent: style.color,
    agent2: style.borderTopColor,
    agent3: style.borderBottomColor,
    user: style.outlineColor,
    quiet: style.columnRuleColor,
  };
}
