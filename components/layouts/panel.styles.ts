import { css } from 'lit';

/** The card. Sizes are in `em`, so that `--voice-agent-font-size` scales the whole. */
export const panelStyles = css`
  .panel {
    position: relative;
    display: flex;
    flex-direction: column;
    gap: 0.75em;
    block-size: var(--voice-agent-height, 34em);
    padding: var(--_space);
    --_space: 1.25em;
    --_orb-size: min(13em, 72cqi);
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
    transition: flex-basis 0.4s;
  }
  .talked {
    --_orb-size: 7em;
  }
  .talked .presence {
    flex: 0 1 auto;
  }
  .panel .state-line {
    justify-content: center;
    min-block-size: 1.5em;
    text-align: center;
  }
  .talk {
    display: contents;
  }
  .talked .transcript {
    flex: 1;
    min-block-size: 3.5em;
    margin-inline: calc(-1 * var(--_space));
    padding: 0.75em var(--_space);
    mask-image: linear-gradient(transparent, #000 0.75em, #000 calc(100% - 0.75em), transparent);
  }
  .talked .transcript:focus-visible {
    outline-offset: -3px;
    mask-image: none;
  }
  .empty {
    display: grid;
    flex: none;
    align-content: end;
    min-block-size: 5.5em;
    text-align: center;
    text-wrap: balance;
  }
  .welcome {
    font-size: 1.3em;
  }
  .panel .error {
    flex: none;
    max-block-size: 60%;
  }
  .panel .controls {
    flex: none;
    margin-block-start: auto;
  }

  @container voice-agent (width < 17em) {
    .panel {
      gap: 0.5em;
      --_space: 0.75em;
    }
    .panel .controls {
      gap: 0.4em;
    }
    .panel .call {
      --voice-agent-button-size: 3.25em;
    }
  }

  @container voice-agent (width >= 42em) {
    .panel {
      display: grid;
      grid-template: auto 1fr auto auto / minmax(15em, 2fr) minmax(0, 3fr);
      gap: 0.75em 2em;
      --_orb-size: 14em;
      block-size: var(--voice-agent-height, 28em);
      /* Otherwise text would overlap the glow. */
      background-image: none;
    }
    .presence {
      grid-area: 2 / 1;
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
      justify-content: safe center;
      grid-area: 2 / 2 / 4 / 2;
      gap: 0.75em;
      min-block-size: 0;
    }
    .panel .controls {
      grid-area: 3 / 1;
    }
    .empty {
      text-align: start;
    }
    .welcome {
      font-size: 2em;
    }
    .talked .transcript {
      margin: -1.25em 0 0;
      padding: 1.25em 0.5em 0.25em;
      mask-image: none;
    }
  }
`;
