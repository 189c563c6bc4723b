import { html, svg, type TemplateResult } from 'lit';

/** One value per second. */
export const HISTORY_LENGTH = 60;
const HEIGHT = 20;

/** A curve for each history over the last minute, all on one scale from 0. Decoration: the table has the numbers. */
export function sparkline(histories: readonly (readonly number[])[]): TemplateResult {
  const highest = Math.max(1, ...histories.flat());
  const points = (history: readonly number[]): string =>
    history
      .map((value, index) => {
        const x = HISTORY_LENGTH - history.length + index;
        return `${x},${(HEIGHT - 1 - (value / highest) * (HEIGHT - 2)).toFixed(1)}`;
      })
      .join(' ');
  return html`<svg
    class="spark"
    part="sparkline"
    viewBox="0 0 ${HISTORY_LENGTH - 1} ${HEIGHT}"
    preserveAspectRatio="none"
    aria-hidden="true"
  >
    ${histories.map((history) => svg`<polyline points=${points(history)} />`)}
  </svg>`;
}
