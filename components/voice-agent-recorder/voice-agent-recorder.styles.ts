import { css } from 'lit';

export const voiceAgentRecorderStyles = css`
  .recorder {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.5em 0.75em;
  }
  .sign {
    display: inline-flex;
    align-items: center;
    gap: 0.5em;
    min-block-size: 36px;
    font-size: 0.925em;
    font-weight: 600;
  }
  .sign:empty {
    display: none;
  }
  .dot {
    flex: none;
    inline-size: 0.75em;
    block-size: 0.75em;
    border: 2px solid var(--_danger);
    border-radius: 50%;
  }
  .recording .dot {
    background: var(--_danger);
    animation: pulse 1.2s ease-in-out infinite alternate;
  }
  .time {
    color: var(--_muted);
    font-size: 0.9em;
    font-variant-numeric: tabular-nums;
  }
  .record {
    color: var(--_danger);
  }
  .record:hover {
    background: color-mix(in srgb, var(--_danger) 8%, var(--_surface));
  }
  .note {
    flex-basis: 100%;
  }
  @keyframes pulse {
    to {
      opacity: 0.35;
    }
  }
  @media (forced-colors: active) {
    .recording .dot {
      forced-color-adjust: none;
      background: Highlight;
      border-color: Highlight;
    }
    .record {
      color: inherit;
    }
  }
`;
