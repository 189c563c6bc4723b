/** What one picture is made from. Loudness 0…1; lengths in CSS pixels. */
export interface VisualizerFrame {
  readonly context: CanvasRenderingContext2D;
  readonly width: number;
  readonly height: number;
  /** Time of movement; stands still while nothing sounds. */
  readonly timeMs: number;
  readonly speaker: number;
  readonly microphone: number;
  /** Loudness of either side, newest first, one value every 25 ms for the last second. */
  readonly speakerHistory: readonly number[];
  readonly microphoneHistory: readonly number[];
  readonly colors: VisualizerColors;
}

export interface VisualizerColors {
  readonly agent: string;
  readonly agent2: string;
  readonly agent3: string;
  readonly user: string;
  /** For what does not sound. */
  readonly quiet: string;
}

/** Draws one frame on a cleared canvas. Keeps no state of its own. */
export type VisualizerLook = (frame: VisualizerFrame) => void;

/** A computed colour (`rgb(1, 2, 3)`, `oklch(…)`, `color(srgb …)`) with another opacity, as canvas takes it. */
export function withAlpha(color: string, alpha: number): string {
  const body = color.slice(0, -1).replace(/\s*\/.*$/, '');
  if (!body.includes(',')) return `${body} / ${alpha})`;
  const channels = body.slice(body.indexOf('(') + 1).split(',');
  return `rgba(${channels.slice(0, 3).join(',')}, ${alpha})`;
}
