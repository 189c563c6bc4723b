import { drawLine, withAlpha, type VisualizerLook } from './visualizer-look.js';

const BAR_PX = 4;
const GAP_PX = 3;

/** The last second, from the middle outwards: the agent's voice above the line, the user's below. */
export const barsLook: VisualizerLook = ({ context, width, height, speaker, microphone, colors }) => {
  const [agent, agent2, , user, quiet] = colors;
  const middle = height / 2;
  const reach = middle * 0.92 - BAR_PX;
  const count = Math.min(speaker.history.length, Math.floor(width / 2 / (BAR_PX + GAP_PX)));
  const fill = context.createLinearGradient(0, middle, 0, middle - reach);
  fill.addColorStop(0, agent);
  fill.addColorStop(1, agent2);
  context.lineWidth = BAR_PX;
  for (let index = 0; index < count; index++) {
    const above = speaker.history[index] ?? 0;
    const below = microphone.history[index] ?? 0;
    const longest = reach * (1 - (0.75 * index) / count);
    const away = (index + 0.5) * (BAR_PX + GAP_PX);
    for (const x of [width / 2 - away, width / 2 + away]) {
      const draw = (from: number, length: number, color: string | CanvasGradient): void =>
        drawLine(context, color, x, middle + from, x, middle + from + length);
      // Chromium and WebKit draw nothing for a line without a length.
      if (above + below < 0.02) draw(0, 0.1, quiet);
      if (above >= 0.01) draw(-BAR_PX / 2, -above * longest, fill);
      if (below >= 0.01) draw(BAR_PX / 2, below * longest, withAlpha(user, 0.9));
    }
  }
};
