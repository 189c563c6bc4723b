import { drawLine, withAlpha, type VisualizerFrame, type VisualizerLook } from './visualizer-look.js';

const TICKS = 80;
const TURN = 2 * Math.PI;

/** The agent is a liquid sphere that grows with its voice. The user's voice runs around it, upwards from below. */
export const orbLook: VisualizerLook = (frame) => {
  const { context, width, height, speaker } = frame;
  const size = Math.min(width, height);
  context.save();
  context.translate(width / 2, height / 2);
  drawSphere(frame, size * (0.29 + 0.025 * speaker.value));
  drawTicks(frame, size);
  context.restore();
};

/** A glow, in it a skin of two translucent waves, and inside a sphere with drifting lights. */
function drawSphere({ context, timeMs, speaker: { value }, colors }: VisualizerFrame, radius: number): void {
  const phase = timeMs / 520;
  const drift = timeMs / 1900;
  drawLight(colors.agent, 0.25 + 0.3 * value, 0, 0, 1.55, 0.8);
  trace(1 + 0.09 * value, phase, value * 1.7);
  context.fillStyle = withAlpha(colors.agent2, 0.32);
  context.fill();
  trace(1 + 0.09 * value, 2 - phase, value * 1.7);
  context.fillStyle = withAlpha(colors.agent, 0.32);
  context.fill();
  context.save();
  trace(1, phase + 4, value * 0.8);
  context.clip();
  context.fillStyle = colors.agent;
  context.fill();
  drawLight(colors.agent3, 0.95, drift + 2.6, 0.75, 1.15);
  drawLight(colors.agent2, 0.95, drift * 0.8 + 0.6, 0.7, 1.25);
  drawLight(colors.agent, 0.5, drift * -1.2 + 1.6, 0.4, 0.7);
  drawLight('rgb(255, 255, 255)', 0.5 + 0.3 * value, -2.1, 0.62, 0.8);
  context.restore();

  /** A soft light: `away` from the centre and `wide`, both in radii, in direction `angle`; uniform up to `core`. */
  function drawLight(
    color: string,
    alpha: number,
    angle: number,
    away: number,
    wide: number,
    core = 0,
  ): void {
    const x = Math.cos(angle) * radius * away;
    const y = Math.sin(angle) * radius * away;
    const light = context.createRadialGradient(x, y, radius * core, x, y, radius * wide);
    light.addColorStop(0, withAlpha(color, alpha));
    light.addColorStop(1, withAlpha(color, 0));
    context.fillStyle = light;
    context.fillRect(-2 * radius, -2 * radius, 4 * radius, 4 * radius);
  }

  /** A circle with three waves of loudness. When silent, it is round. */
  function trace(scale: number, shift: number, level: number): void {
    context.beginPath();
    for (let angle = 0; angle < TURN; angle += TURN / 64) {
      const wave =
        0.06 * Math.sin(2 * angle + shift) +
        0.055 * Math.sin(3 * angle - 1.3 * shift) +
        0.03 * Math.sin(5 * angle + 1.7 * shift);
      const reach = radius * scale * (1 + level * wave);
      context.lineTo(Math.cos(angle) * reach, Math.sin(angle) * reach);
    }
  }
}

function drawTicks({ context, microphone, colors }: VisualizerFrame, size: number): void {
  const inner = size * 0.405;
  context.lineWidth = Math.max(1.5, size / 110);
  for (let index = 0; index < TICKS; index++) {
    const angle = ((index + 0.5) / TICKS) * TURN + Math.PI / 2;
    const level = microphone.history[Math.min(index, TICKS - 1 - index)] ?? 0;
    const outer = inner + size * (0.004 + 0.085 * level);
    const color = level > 0.02 ? withAlpha(colors.user, 0.45 + 0.55 * level) : colors.quiet;
    const [x, y] = [Math.cos(angle), Math.sin(angle)];
    drawLine(context, color, x * inner, y * inner, x * outer, y * outer);
  }
}
