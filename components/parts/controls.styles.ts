import { css } from 'lit';

export const controlsStyles = css`
  button {
    display: inline-grid;
    place-items: center;
    margin: 0;
    padding: 0;
    border: 0;
    border-radius: 50%;
    color: inherit;
    background: none;
    font: inherit;
    cursor: pointer;
    touch-action: manipulation;
    -webkit-tap-highlight-color: transparent;
    /* Hidden elements must be hidden immediately, or the focus stays in them. */
    transition:
      0.2s,
      visibility 0s;
  }
  button:hover {
    filter: brightness(0.9);
  }
  button:active {
    transform: scale(0.94);
  }
  .icon,
  .call,
  .side,
  .launcher,
  .bar .visualizer,
  .pill .visualizer {
    flex: none;
    inline-size: var(--_size);
    block-size: var(--_size);
  }
  .icon {
    --_size: 1.5em;
    fill: none;
    stroke: currentColor;
    stroke-width: 2;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .controls {
    display: grid;
    grid-template-columns: 1fr auto 1fr;
    align-items: center;
    gap: 1em;
  }
  .call {
    /* In the middle, also where there is no microphone to mute. */
    grid-column: 2;
    --_fill: var(--_accent);
    --_size: var(--voice-agent-button-size, 4em);
    min-inline-size: 44px;
    min-block-size: 44px;
    background: var(--_fill);
    color: var(--_on-accent);
    box-shadow: 0 0.5em 1.25em -0.35em color-mix(in srgb, var(--_fill) 65%, transparent);
    forced-color-adjust: none;
  }
  .active .call {
    --_fill: var(--_danger);
    color: var(--_surface);
  }
  .handset {
    --_size: 47%;
    fill: currentColor;
    transform: rotate(-135deg) translateY(-4%);
    transition: 0.3s;
  }
  .active .call .handset {
    transform: none;
  }
  .side {
    --_size: 2.9em;
    min-inline-size: 32px;
    min-block-size: 32px;
    background: var(--_soft);
  }
  .mute {
    justify-self: end;
  }
  /* A trembling finger must not scroll, and a resting one must not select text. */
  .hold {
    touch-action: none;
    -webkit-user-select: none;
    user-select: none;
  }
  .mute[aria-pressed='true'] {
    background: color-mix(in srgb, var(--_danger) 16%, var(--_surface));
    color: var(--_danger);
  }
  [aria-disabled='true'] {
    opacity: 0.5;
    background: none;
    cursor: default;
  }
  @media (forced-colors: active) {
    button {
      border: 1px solid ButtonText;
    }
    [aria-disabled='true'] {
      opacity: 1;
      color: GrayText;
      border-color: GrayText;
    }
    .mute[aria-pressed='true'] {
      forced-color-adjust: none;
      background: Highlight;
      color: HighlightText;
    }
  }
`;
