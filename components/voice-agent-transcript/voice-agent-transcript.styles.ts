import { css } from 'lit';

export const voiceAgentTranscriptStyles = css`
  :host {
    display: block;
    block-size: var(--voice-agent-height, 100%);
  }
  .transcript {
    block-size: 100%;
    padding: 0.25em;
  }
`;
