import { css } from 'lit';

/** The card. Sizes are in `em`, so that `--voice-agent-font-size` scales the whole. */
export const panelStyles = css`
  .panel {
    position: relative;
    display: flex;
    flex-direction: column;
    gap: 0.75em;
    block-size: var(--voice-agent-height, 34em);
    padding: 1.25em;
    overflow: hidden auto;
    overscroll-behavior: contain;
    background-image: radial-gradient(
      ellipse 75% 55% at 50% 0,
      color-mix(in srgb, var(--_agent) 9%, transparent),
      transparent
    );
  }
  .presence {
    display: flex;
    flex: auto;
    flex-direction: column;
    align-items: center;
    justify-content: center;
    gap: 0.25em;
    min-block-size: 4.5em;
  }
  .presence .visualizer {
    /* In a low card, the visualizer shrinks first. */
    flex: 0 1 var(--_orb-size);
    inline-size: 100%;
    min-block-size: 2.5em;
    --_orb-size: 13em;
    transition: flex-basis 0.4s;
  }
  .talked .presence {
    flex: 0 1 auto;
  }
  .talked .presence .visualizer {
    --_orb-size: 7em;
  }
  .panel .state-line {
    flex-wrap: wrap;
    justify-content: center;
    min-block-size: 1.5em;
    text-align: center;
  }
  .talk {
    display: contents;
  }
  .conversation {
    display: flex;
    flex: none;
    flex-direction: column;
  }
  .talked .conversation {
    flex: 1;
    min-block-size: 3.5em;
  }
  .talked .transcript {
    flex: 1;
    margin-inline: -1.25em;
    padding: 0.75em 1.25em;
    mask-image: linear-gradient(transparent, #000 0.75em, #000 calc(100% - 0.75em), transparent);
  }
  .talked .transcript:focus-visible {
    outline-offset: -3px;
    mask-image: none;
  }
  .panel .empty {
    display: grid;
    align-content: end;
    min-block-size: 5.5em;
    text-align: center;
  }
  .panel .welcome {
    font-size: 1.3em;
    font-weight: 650;
    text-wrap: balance;
  }
  .panel .hint {
    max-inline-size: 24em;
    margin-inline: auto;
    color: var(--_muted);
    font-size: 0.925em;
    text-wrap: balance;
  }
  .panel .error {
    flex: none;
    max-block-size: 60%;
  }
  .panel .controls {
    flex: none;
    margin-block-start: auto;
    padding-block-start: 0.25em;
  }

  @container voice-agent (width < 17em) {
    .panel {
      gap: 0.5em;
      padding: 0.75em;
    }
    .presence .visualizer {
      --_orb-size: 8.5em;
    }
    .talked .presence .visualizer {
      --_orb-size: 5em;
    }
    .talked .transcript {
      margin-inline: -0.75em;
      padding-inline: 0.75em;
    }
    .panel .entry {
      max-inline-size: 94%;
    }
    .panel .controls {
      gap: 0.4em;
    }
    .panel .call {
      --voice-agent-button-size: 3.25em;
    }
    .panel .error {
      padding: 0.75em;
    }
    .panel .alert {
      display: none;
    }
  }

  @container voice-agent (width >= 42em) {
    .panel {
      display: grid;
      grid-template: auto 1fr auto auto / minmax(15em, 2fr) minmax(0, 3fr);
      gap: 0.75em 2em;
      block-size: var(--voice-agent-height, 28em);
      /* Otherwise text would overlap the glow. */
      background-image: none;
    }
    .presence {
      grid-area: 2 / 1;
    }
    .presence .visualizer,
    .talked .presence .visualizer {
      --_orb-size: 14em;
    }
    ::slotted(*) {
      grid-area: 1 / 1 / 2 / -1;
    }
    ::slotted([slot='footer']) {
      grid-row: 5;
    }
    .talk {
      display: flex;
      flex-direction: column;
      justify-content: center;
      grid-area: 2 / 2 / 4 / 2;
      gap: 0.75em;
      min-block-size: 0;
    }
    .panel .controls {
      grid-area: 3 / 1;
    }
    .panel .empty {
      text-align: start;
    }
    .panel .hint {
      margin-inline: 0;
    }
    .panel .welcome {
      font-size: 2em;
    }
    .talked .transcript {
      margin: -1.25em 0 0;
      padding: 1.25em 0.5em 0.25em;
      mask-image: none;
    }
  }
`;
