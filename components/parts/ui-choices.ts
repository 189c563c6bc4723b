/** All layouts, the default first. */
export const LAYOUTS = ['panel', 'bar', 'button', 'floating', 'headless'] as const;
export type Layout = (typeof LAYOUTS)[number];

/** Has room for more than a line. */
export function isCard(layout: Layout): boolean {
  return layout === 'panel' || layout === 'floating';
}

export const PLACEMENTS = ['bottom-end', 'bottom-start', 'top-end', 'top-start'] as const;

export const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

export const VISUALIZERS = ['orb', 'bars'] as const;
export type VisualizerName = (typeof VISUALIZERS)[number];
