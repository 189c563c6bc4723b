import { withAlpha, type VisualizerLook } from './visualizer-look.js';

const BAR_PX = 4;
const GAP_PX = 3;

/** The last second from the middle outwards: the agent's voice above the line, the user's below it. */
export const barsLook: VisualizerLook = ({
  context,
  width,
  height,
  speakerHistory,
  microphoneHistory,
  colors,
}) => {
  const middle = height / 2;
  const reach = middle * 0.92 - BAR_PX;
  const count = Math.min(speakerHistory.length, Math.floor(width / 2 / (BAR_PX + GAP_PX)));
  const fill = context.createLinearGradient(0, middle, 0, middle - reach);
  fill.addColorStop(0, colors.agent);
  fill.addColorStop(1, colors.agent2);
  context.lineWidth = BAR_PX;
  context.lineCap = 'round';
  for (let index = 0; index < count; index++) {
    const above = speakerHistory[index] ?? 0;
    const below = microphoneHistory[index] ?? 0;
    const fade = 1 - (0.75 * index) / count;
    for (const x of [
      width / 2 - (index + 0.5) * (BAR_PX + GAP_PX),
      width / 2 + (index + 0.5) * (BAR_PX + GAP_PX),
    ]) {
      if (above + below < 0.02) drawBar(x, middle, 0, colors.quiet);
      if (above >= 0.01) drawBar(x, middle - BAR_PX / 2, -above * reach * fade, fill);
      if (below >= 0.01) drawBar(x, middle + BAR_PX / 2, below * reach * fade, withAlpha(colors.user, 0.9));
    }
  }

  function drawBar(x: number, y: number, length: number, color: string | CanvasGradient): void {
    context.strokeStyle = color;
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(x, y + length);
    context.stroke();
  }
};
