import { css } from 'lit';

export const buttonStyles = css`
  .button-layout {
    position: relative;
    display: inline-block;
  }
  .pill {
    --_size: auto;
    display: inline-flex;
    align-items: center;
    gap: 0.5em;
    min-block-size: max(44px, 3em);
    padding-block: 0.25em;
    padding-inline: 0.3em 1.25em;
    border-radius: 3em;
    font-weight: 600;
    text-align: start;
  }
  .pill .visualizer {
    flex: none;
    inline-size: 2.5em;
    block-size: 2.5em;
    border-radius: 50%;
    background: var(--_surface);
  }
  /* At the bottom of the window, because it would not fit beside every button. */
  .pop {
    position: fixed;
    inset: auto 0.75em 0.75em;
    z-index: var(--voice-agent-z-index, 1000);
    display: grid;
    gap: 0.5em;
    grid-template-columns: 100%;
    max-inline-size: 24em;
    margin-inline: auto;
  }
  .pop > .consent,
  .pop > .error {
    box-shadow: var(--_shadow);
  }
`;
