import { drawLine, withAlpha, type VisualizerFrame, type VisualizerLook } from './visualizer-look.js';

const TICKS = 80;
const TURN = 2 * Math.PI;

/** The agent is a liquid sphere that grows with its voice. The user's voice runs around it, upwards from below. */
export const orbLook: VisualizerLook = (frame) => {
  const { context, width, height, speaker } = frame;
  const size = Math.min(width, height);
  context.translate(width / 2, height / 2);
  drawSphere(frame, size * (0.29 + 0.025 * speaker.value));
  drawTicks(frame, size);
};

/** A glow, in it a skin of two translucent waves, and inside a sphere with drifting lights. */
function drawSphere(frame: VisualizerFrame, radius: number): void {
  const { context, timeMs, speaker } = frame;
  const [agent, agent2, agent3] = frame.colors;
  const { value } = speaker;
  const phase = timeMs / 520;
  const drift = timeMs / 1900;
  trace(1.6, 0, 0);
  fillWithLight(agent, 0.52 + 0.6 * value, 0, 0, 1.55);
  trace(1 + 0.09 * value, phase, value * 1.7);
  fill(withAlpha(agent2, 0.32));
  trace(1 + 0.09 * value, 2 - phase, value * 1.7);
  fill(withAlpha(agent, 0.32));
  trace(1, phase + 4, value * 0.8);
  fill(agent);
  fillWithLight(agent3, 0.95, drift + 2.6, 0.75, 1.2);
  fillWithLight(agent2, 0.95, drift * 0.8 + 0.6, 0.75, 1.2);
  fillWithLight('rgb(255, 255, 255)', 0.5 + 0.3 * value, -2.1, 0.6, 0.8);

  /** A circle with two waves of loudness. When silent, it is round. */
  function trace(scale: number, shift: number, level: number): void {
    context.beginPath();
    for (let angle = 0; angle < TURN; angle += TURN / 64) {
      const wave = 0.06 * (Math.sin(2 * angle + shift) + Math.sin(3 * angle - 1.3 * shift));
      const reach = radius * scale * (1 + level * wave);
      context.lineTo(Math.cos(angle) * reach, Math.sin(angle) * reach);
    }
  }

  function fill(style: string | CanvasGradient): void {
    context.fillStyle = style;
    context.fill();
  }

  /** A soft light: `away` from the centre and `wide`, both in radii, in direction `angle`. */
  function fillWithLight(color: string, alpha: number, angle: number, away: number, wide: number): void {
    const x = Math.cos(angle) * radius * away;
    const y = Math.sin(angle) * radius * away;
    const light = context.createRadialGradient(x, y, 0, x, y, radius * wide);
    light.addColorStop(0, withAlpha(color, alpha));
    light.addColorStop(1, withAlpha(color, 0));
    fill(light);
  }
}

function drawTicks({ context, microphone, colors }: VisualizerFrame, size: number): void {
  const [, , , user, quiet] = colors;
  const inner = size * 0.405;
  context.lineWidth = Math.max(1.5, size / 110);
  for (let index = 0; index < TICKS; index++) {
    const angle = ((index + 0.5) / TICKS) * TURN + Math.PI / 2;
    const level = microphone.history[Math.min(index, TICKS - 1 - index)] ?? 0;
    const outer = inner + size * (0.004 + 0.085 * level);
    const color = level > 0.02 ? withAlpha(user, 0.45 + 0.55 * level) : quiet;
    const [x, y] = [Math.cos(angle), Math.sin(angle)];
    drawLine(context, color, x * inner, y * inner, x * outer, y * outer);
  }
}
