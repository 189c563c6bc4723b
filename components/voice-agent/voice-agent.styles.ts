import { css } from 'lit';

/** The card. Sizes are in `em`, so that `--voice-agent-font-size` scales the whole. */
export const voiceAgentStyles = css`
  :host {
    display: block;
    container: voice-agent / inline-size;
    min-inline-size: 0;
  }
  p {
    margin: 0;
  }
  .panel {
    position: relative;
    display: flex;
    flex-direction: column;
    gap: 0.75em;
    block-size: var(--voice-agent-height, 34em);
    padding: 1.25em;
    overflow: hidden;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    background:
      radial-gradient(
        ellipse 75% 55% at 50% 0,
        color-mix(in srgb, var(--_agent) 9%, transparent),
        transparent
      ),
      var(--_surface);
    box-shadow: var(--voice-agent-shadow, var(--_shadow));
  }
  .presence {
    display: flex;
    flex: 1 1 auto;
    flex-direction: column;
    align-items: center;
    justify-content: center;
    gap: 0.25em;
  }
  .visualizer {
    inline-size: 100%;
    block-size: var(--_orb-size);
    --_orb-size: 13em;
    transition: block-size 0.4s cubic-bezier(0.3, 0.9, 0.3, 1);
  }
  .talked .presence {
    flex: none;
  }
  .talked .visualizer {
    --_orb-size: 7em;
  }
  .state-line {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    justify-content: center;
    gap: 0 0.6em;
    min-block-size: 1.5em;
    text-align: center;
  }
  .status {
    font-weight: 600;
  }
  .timer {
    color: var(--_muted);
    font-size: 0.9em;
    font-variant-numeric: tabular-nums;
  }
  .conversation {
    display: flex;
    flex-direction: column;
    min-block-size: 0;
  }
  .talked .conversation {
    flex: 1 1 0;
  }
  .transcript {
    flex: 1;
    margin-inline: -1.25em;
    padding: 0.25em 1.25em 0.75em;
    mask-image: linear-gradient(transparent, #000 0.75em, #000 calc(100% - 0.75em), transparent);
  }
  .transcript:focus-visible {
    outline-offset: -3px;
    mask-image: none;
  }
  .empty {
    display: grid;
    align-content: end;
    min-block-size: 5.5em;
    text-align: center;
  }
  .welcome {
    font-size: 1.3em;
    font-weight: 650;
    letter-spacing: -0.01em;
    text-wrap: balance;
  }
  .hint {
    max-inline-size: 24em;
    margin-inline: auto;
    color: var(--_muted);
    font-size: 0.925em;
    text-wrap: balance;
  }
  .error {
    display: flex;
    gap: 0.75em;
    max-block-size: 60%;
    padding: 0.9em 1em;
    overflow-y: auto;
    border: 1px solid color-mix(in srgb, var(--_danger) 45%, var(--_surface));
    border-radius: 1em;
    background: color-mix(in srgb, var(--_danger) 8%, var(--_surface));
    font-size: 0.925em;
    overflow-wrap: anywhere;
  }
  .alert {
    flex: none;
    color: var(--_danger);
  }
  .what {
    font-weight: 600;
  }
  .retry {
    margin-block-start: 0.6em;
    padding: 0.4em 0.9em;
    min-block-size: 32px;
    border: 1px solid currentColor;
    border-radius: 2em;
    color: var(--_danger);
    font-weight: 600;
  }
  .retry:hover {
    background: color-mix(in srgb, var(--_danger) 12%, transparent);
  }
  .controls {
    margin-block-start: auto;
    padding-block-start: 0.25em;
  }

  @container voice-agent (width < 17em) {
    .panel {
      gap: 0.5em;
      padding: 0.75em;
    }
    .visualizer {
      --_orb-size: 8.5em;
    }
    .talked .visualizer {
      --_orb-size: 5em;
    }
    .transcript {
      margin-inline: -0.75em;
      padding-inline: 0.75em;
      font-size: 0.9em;
    }
    .entry {
      max-inline-size: 94%;
    }
    .controls {
      gap: 0.4em;
    }
    .call {
      --voice-agent-button-size: 3.25em;
    }
    .error {
      padding: 0.75em;
    }
    .alert {
      display: none;
    }
  }

  @container voice-agent (width >= 42em) {
    .panel {
      display: grid;
      grid-template: auto 1fr auto auto / minmax(15em, 2fr) minmax(0, 3fr);
      gap: 0.75em 2em;
      block-size: var(--voice-agent-height, 28em);
    }
    .presence,
    .talked .presence {
      grid-area: 2 / 1;
    }
    .visualizer,
    .talked .visualizer {
      --_orb-size: 14em;
    }
    slot[name='header'],
    slot[name='footer'] {
      grid-column: 1 / -1;
    }
    .conversation {
      grid-area: 2 / 2 / 4 / 2;
      justify-content: center;
    }
    .controls {
      grid-area: 3 / 1;
    }
    .error {
      grid-area: 3 / 2;
      max-block-size: none;
      align-self: end;
    }
    .failed .conversation {
      grid-row: 2;
    }
    .failed:not(.talked) .error {
      grid-row: 2 / 4;
      align-self: center;
    }
    .empty {
      text-align: start;
    }
    .hint {
      margin-inline: 0;
    }
    .welcome {
      font-size: 2em;
    }
    .failed .transcript {
      margin-block-end: 0;
    }
    .transcript {
      margin: -1.25em 0;
      padding: 1.25em 0.5em;
      mask-image: none;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .visualizer {
      transition: none;
    }
  }
`;
