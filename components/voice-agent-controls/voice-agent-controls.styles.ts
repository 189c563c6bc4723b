import { css } from 'lit';

export const voiceAgentControlsStyles = css`
  :host {
    display: inline-block;
  }
`;
