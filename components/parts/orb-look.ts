import { withAlpha, type VisualizerFrame, type VisualizerLook } from './visualizer-look.js';

const TICKS = 80;
const TURN = 2 * Math.PI;

/** The agent is a liquid sphere that swells with its voice; the user's voice runs around it, up from below. */
export const orbLook: VisualizerLook = (frame) => {
  const { context, width, height, speaker } = frame;
  const size = Math.min(width, height);
  context.save();
  context.translate(width / 2, height / 2);
  const radius = size * (0.29 + 0.025 * speaker);
  drawGlow(frame, radius);
  drawBody(frame, radius);
  drawTicks(frame, size);
  context.restore();
};

function drawGlow({ context, speaker, colors }: VisualizerFrame, radius: number): void {
  const reach = radius * 1.55;
  const glow = context.createRadialGradient(0, 0, radius * 0.8, 0, 0, reach);
  glow.addColorStop(0, withAlpha(colors.agent, 0.25 + 0.3 * speaker));
  glow.addColorStop(1, withAlpha(colors.agent, 0));
  context.fillStyle = glow;
  context.beginPath();
  context.arc(0, 0, reach, 0, TURN);
  context.fill();
}

/** A skin of two translucent waves, and inside it a sphere in which lights drift. */
function drawBody(frame: VisualizerFrame, radius: number): void {
  const { context, timeMs, speaker, colors } = frame;
  const phase = timeMs / 520;
  for (const [index, color] of [colors.agent2, colors.agent].entries()) {
    context.fillStyle = withAlpha(color, 0.32);
    traceContour(context, radius * (1 + 0.09 * speaker), phase * (index ? -1 : 1) + index * 2, speaker * 1.7);
    context.fill();
  }
  context.save();
  traceContour(context, radius, phase + 4, speaker * 0.8);
  context.clip();
  context.fillStyle = colors.agent;
  context.fillRect(-2 * radius, -2 * radius, 4 * radius, 4 * radius);
  const drift = timeMs / 1900;
  drawLight(context, colors.agent3, 0.95, radius, drift + 2.6, 0.75, 1.15);
  drawLight(context, colors.agent2, 0.95, radius, drift * 0.8 + 0.6, 0.7, 1.25);
  drawLight(context, colors.agent, 0.5, radius, drift * -1.2 + 1.6, 0.4, 0.7);
  drawLight(context, 'rgb(255, 255, 255)', 0.5 + 0.3 * speaker, radius, -2.1, 0.62, 0.8);
  context.restore();
}

/** A soft light inside the sphere: `away` from its middle and `wide`, both in radii, in direction `angle`. */
function drawLight(
  context: CanvasRenderingContext2D,
  color: string,
  alpha: number,
  radius: number,
  angle: number,
  away: number,
  wide: number,
): void {
  const x = Math.cos(angle) * radius * away;
  const y = Math.sin(angle) * radius * away;
  const light = context.createRadialGradient(x, y, 0, x, y, radius * wide);
  light.addColorStop(0, withAlpha(color, alpha));
  light.addColorStop(1, withAlpha(color, 0));
  context.fillStyle = light;
  context.fillRect(-2 * radius, -2 * radius, 4 * radius, 4 * radius);
}

/** A circle with three waves of loudness on it. Silent, it is round. */
function traceContour(context: CanvasRenderingContext2D, radius: number, phase: number, level: number): void {
  const points = 64;
  context.beginPath();
  for (let index = 0; index <= points; index++) {
    const angle = (index / points) * TURN;
    const wave =
      0.06 * Math.sin(2 * angle + phase) +
      0.055 * Math.sin(3 * angle - 1.3 * phase) +
      0.03 * Math.sin(5 * angle + 1.7 * phase);
    const reach = radius * (1 + level * wave);
    context.lineTo(Math.cos(angle) * reach, Math.sin(angle) * reach);
  }
  context.closePath();
}

function drawTicks({ context, microphoneHistory, colors }: VisualizerFrame, size: number): void {
  const inner = size * 0.405;
  context.lineCap = 'round';
  context.lineWidth = Math.max(1.5, size / 110);
  for (let index = 0; index < TICKS; index++) {
    const turn = (index + 0.5) / TICKS;
    const angle = turn * TURN + Math.PI / 2;
    const fromBelow = Math.floor(Math.min(turn, 1 - turn) * TICKS);
    const level = microphoneHistory[fromBelow] ?? 0;
    const outer = inner + size * (0.004 + 0.085 * level);
    context.strokeStyle = level > 0.02 ? withAlpha(colors.user, 0.45 + 0.55 * level) : colors.quiet;
    context.beginPath();
    context.moveTo(Math.cos(angle) * inner, Math.sin(angle) * inner);
    context.lineTo(Math.cos(angle) * outer, Math.sin(angle) * outer);
    context.stroke();
  }
}
