import { css } from 'lit';

/** Shared styles of the parts: text buttons, fields, notes. No target is smaller than 24 px. */
export const extrasStyles = css`
  :host {
    display: block;
    min-inline-size: 0;
  }
  p {
    margin: 0;
  }
  button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 0.45em;
    min-block-size: 36px;
    margin: 0;
    padding: 0.3em 0.9em;
    border: 1px solid transparent;
    border-radius: 2em;
    background: var(--_soft);
    color: inherit;
    font: inherit;
    font-weight: 550;
    text-align: start;
    cursor: pointer;
    touch-action: manipulation;
    -webkit-tap-highlight-color: transparent;
    transition: background-color 0.2s;
  }
  button:hover {
    background: color-mix(in srgb, var(--_text) 16%, var(--_surface));
  }
  button[aria-disabled='true'] {
    color: color-mix(in srgb, var(--_text) 55%, var(--_surface));
    cursor: default;
  }
  .primary {
    background: var(--_accent);
    color: var(--_on-accent);
  }
  .primary:hover {
    background: color-mix(in srgb, var(--_accent) 88%, var(--_text));
  }
  .icon {
    flex: none;
    inline-size: 1.25em;
    block-size: 1.25em;
    fill: none;
    stroke: currentColor;
    stroke-width: 2;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .icon.solid {
    fill: currentColor;
  }
  .buttons {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5em;
  }
  .note {
    color: var(--_muted);
    font-size: 0.875em;
    text-wrap: pretty;
  }
  .problem {
    color: var(--_danger);
  }
  @media (forced-colors: active) {
    button,
    .primary {
      border-color: ButtonText;
      background: ButtonFace;
      color: ButtonText;
    }
    button[aria-disabled='true'] {
      border-color: GrayText;
      color: GrayText;
    }
  }
`;
