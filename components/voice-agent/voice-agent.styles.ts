import { css, type CSSResultGroup } from 'lit';
import { barStyles } from '../layouts/bar.styles.js';
import { buttonStyles } from '../layouts/button.styles.js';
import { floatingStyles } from '../layouts/floating.styles.js';
import { panelStyles } from '../layouts/panel.styles.js';
import { composerStyles } from '../parts/composer.styles.js';
import { controlsStyles } from '../parts/controls.styles.js';
import { errorStyles } from '../parts/error.styles.js';
import { transcriptStyles } from '../parts/transcript.styles.js';
import { visualizerStyles } from '../parts/visualizer.styles.js';
import { tokens } from '../themes/tokens.styles.js';

/**
 * The host in every layout, and styles that layouts share. Sizes are in `em`, so `--voice-agent-font-size` scales
 * everything.
 */
const hostStyles = css`
  :host {
    display: block;
    container: voice-agent / inline-size;
    /* The content does not widen a size container. Without this width it would disappear in flex and grid pages. */
    contain-intrinsic-inline-size: min(24em, 80vw);
    min-inline-size: 0;
  }
  :host([layout='button']) {
    display: inline-block;
    container-type: normal;
  }
  :host([layout='floating']),
  :host([layout='headless']) {
    display: contents;
  }
  /* It is positioned in the window, not in its container. */
  :host([layout='floating']) {
    visibility: visible;
  }
  /* Layers above the page, instead of the browser's own style of popovers. */
  :where([popover]) {
    all: unset;
    position: fixed;
    z-index: var(--voice-agent-z-index, 1000);
    display: flex;
    flex-direction: column;
  }
  .ground {
    display: block;
  }
  voice-agent-extras {
    /* In the wide card, which is a grid: below the controls. */
    grid-area: 4 / 1;
    flex: none;
    font: inherit;
  }
  /* Reserves the space of the row of extras until it is loaded. */
  :not(:defined) {
    display: block;
    block-size: 2.9em;
  }
  .panel,
  .bar {
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    background: var(--_surface);
    box-shadow: var(--voice-agent-shadow, var(--_shadow));
  }
  .panel,
  .bar,
  .pop {
    overflow-wrap: anywhere;
  }
  .state-line {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0 0.6em;
  }
  p {
    margin: 0;
  }
  .status,
  .what,
  .retry,
  .pill,
  .welcome {
    font-weight: 600;
  }
  .timer,
  .hint,
  .caption {
    color: var(--_muted);
  }
  .timer,
  .hint,
  .caption,
  .consent,
  .error,
  .notice {
    font-size: 0.9em;
  }
  .timer {
    font-variant-numeric: tabular-nums;
  }
`;

/** The order matters: later ones refine earlier ones. */
export const voiceAgentStyles: CSSResultGroup = [
  tokens,
  hostStyles,
  visualizerStyles,
  transcriptStyles,
  controlsStyles,
  errorStyles,
  composerStyles,
  panelStyles,
  barStyles,
  buttonStyles,
  floatingStyles,
];
