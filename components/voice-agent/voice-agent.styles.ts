import { css } from 'lit';

/** The host in every layout, and what layouts share. Sizes are in `em`: `--voice-agent-font-size` scales the whole. */
export const voiceAgentStyles = css`
  :host {
    display: block;
    container: voice-agent / inline-size;
    min-inline-size: 0;
  }
  :host([layout='button']) {
    display: inline-block;
    container-type: normal;
  }
  :host([layout='floating']),
  :host([layout='headless']) {
    display: contents;
    container-type: normal;
  }
  [hidden] {
    display: none !important;
  }
  p {
    margin: 0;
  }
  .status {
    font-weight: 600;
  }
  .timer {
    color: var(--_muted);
    font-size: 0.9em;
    font-variant-numeric: tabular-nums;
  }
`;
