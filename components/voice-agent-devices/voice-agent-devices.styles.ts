import { css } from 'lit';

export const voiceAgentDevicesStyles = css`
  .devices {
    display: grid;
    gap: 1em;
  }
  .device {
    display: grid;
    gap: 0.4em;
    min-inline-size: 0;
  }
  label {
    display: flex;
    justify-content: space-between;
    gap: 1em;
    font-size: 0.875em;
    font-weight: 600;
  }
  output {
    color: var(--_muted);
    font-weight: 400;
    font-variant-numeric: tabular-nums;
  }
  select {
    inline-size: 100%;
    min-inline-size: 0;
    min-block-size: 40px;
    padding: 0.35em 0.75em;
    border: 1px solid color-mix(in srgb, var(--_text) 50%, var(--_surface));
    border-radius: 0.75em;
    background: var(--_surface);
    color: inherit;
    font: inherit;
    text-overflow: ellipsis;
  }
  .test {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.6em;
    min-block-size: 36px;
  }
  .test button {
    font-size: 0.9em;
  }
  .meter {
    position: relative;
    flex: 1 1 6em;
    block-size: 0.6em;
    overflow: hidden;
    border-radius: 1em;
    background: var(--_soft);
  }
  .meter::after {
    content: '';
    position: absolute;
    inset: 0;
    border-radius: inherit;
    background: linear-gradient(to right, var(--_agent-2), var(--_user));
    clip-path: inset(0 calc(100% - 100% * var(--_level, 0)) 0 0 round 1em);
    transition: clip-path 0.08s linear;
  }
  .meter:dir(rtl)::after {
    background: linear-gradient(to left, var(--_agent-2), var(--_user));
    clip-path: inset(0 0 0 calc(100% - 100% * var(--_level, 0)) round 1em);
  }
  input[type='range'] {
    inline-size: 100%;
    min-block-size: 28px;
    margin: 0;
    accent-color: var(--_accent);
    cursor: pointer;
  }
  .ask {
    display: grid;
    justify-items: start;
    gap: 0.6em;
  }
  @media (forced-colors: active) {
    .meter {
      border: 1px solid CanvasText;
    }
    .meter::after {
      forced-color-adjust: none;
      background: Highlight;
    }
  }
`;
