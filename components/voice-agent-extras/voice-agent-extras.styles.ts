import { css } from 'lit';

export const voiceAgentExtrasStyles = css`
  :host {
    position: relative;
    flex: none;
  }
  :host([empty]) {
    display: none;
  }
  .bar {
    display: flex;
    align-items: center;
    justify-content: center;
    gap: min(0.4em, 1.5%);
  }
  .disclose {
    /* Two lines of text, reserved until the row is loaded. */
    inline-size: 2.9em;
    block-size: 2.9em;
    flex: 0 1 auto;
    min-inline-size: 28px;
    padding: 0;
    border-radius: 50%;
    background: none;
    color: var(--_muted);
  }
  .disclose:hover,
  .disclose[aria-expanded='true'] {
    background: var(--_soft);
    color: var(--_text);
  }
  .disclose .icon {
    inline-size: 1.4em;
    block-size: 1.4em;
  }
  .sheet > * {
    font: inherit;
  }
  .sheet {
    margin-block: 0.5em;
    padding: 1em;
    border: 1px solid var(--_line);
    border-radius: 1em;
    background: var(--_surface);
    animation: rise 0.18s ease-out;
  }
  /* A card has room above: it keeps its size, and its controls stay visible. */
  .over .sheet {
    position: absolute;
    inset-block-end: calc(100% + max(44px, var(--voice-agent-button-size, 4em)) + 1.75em);
    inset-inline: 0;
    z-index: 2;
    max-inline-size: 27em;
    max-block-size: min(21em, 60vh, var(--_room, 60vh));
    margin: 0 auto;
    overflow: auto;
    overscroll-behavior: contain;
    box-shadow: var(--_shadow);
  }
  @container (width >= 42em) {
    .over .sheet {
      max-block-size: min(16.5em, 60vh, var(--_room, 60vh));
    }
  }
  /* Visible while recording, whichever sheet is open. */
  .disclose.on {
    flex: none;
    inline-size: auto;
    max-inline-size: 60%;
    padding-inline: 0.6em 0.8em;
    background: color-mix(in srgb, var(--_danger) 8%, var(--_surface));
    color: var(--_danger);
    font-size: 0.925em;
    border-radius: 2em;
  }
  .on span {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .on .icon {
    fill: currentColor;
    stroke: none;
    animation: pulse 1.2s ease-in-out infinite alternate;
  }
  @keyframes pulse {
    to {
      opacity: 0.4;
    }
  }
  @keyframes rise {
    from {
      opacity: 0;
      translate: 0 0.5em;
    }
  }
  @media (forced-colors: active) {
    .disclose {
      color: ButtonText;
    }
    .disclose[aria-expanded='true'] {
      forced-color-adjust: none;
      background: Highlight;
      color: HighlightText;
    }
  }
`;
