import { css } from 'lit';

export const voiceAgentVisualizerStyles = css`
  :host {
    display: inline-block;
    inline-size: 8em;
    block-size: 8em;
  }
  .visualizer {
    block-size: 100%;
  }
`;
