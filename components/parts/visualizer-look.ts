/** The input for one frame. Loudness 0…1; lengths in CSS pixels. */
export interface VisualizerFrame {
  readonly context: CanvasRenderingContext2D;
  readonly width: number;
  readonly height: number;
  /** Animation time; does not advance during silence. */
  readonly timeMs: number;
  readonly speaker: VisualizerSide;
  readonly microphone: VisualizerSide;
  readonly colors: VisualizerColors;
}

export interface VisualizerSide {
  readonly value: number;
  /** Newest first, one value every 25 ms for the last second. */
  readonly history: readonly number[];
}

/** `quiet`: the colour of silence. */
export type VisualizerColors = readonly [
  agent: string,
  agent2: string,
  agent3: string,
  user: string,
  quiet: string,
];

/** Draws one frame on a cleared canvas, whose state is set again for the next one. Stateless. */
export type VisualizerLook = (frame: VisualizerFrame) => void;

/** A computed colour (`rgb(1, 2, 3)`, `oklch(…)`, `color(srgb …)`) with another opacity, in canvas syntax. */
export function withAlpha(color: string, alpha: number): string {
  const [body = ''] = color.slice(0, -1).split(/\s*\//);
  const channels = body.replace(/^rgba?\(/, '').split(',');
  return channels[2] ? `rgba(${channels.slice(0, 3).join(',')}, ${alpha})` : `${body} / ${alpha})`;
}

export function drawLine(
  context: CanvasRenderingContext2D,
  color: string | CanvasGradient,
  fromX: number,
  fromY: number,
  toX: number,
  toY: number,
): void {
  context.lineCap = 'round';
  context.strokeStyle = color;
  context.beginPath();
  context.moveTo(fromX, fromY);
  context.lineTo(toX, toY);
  context.stroke();
}
