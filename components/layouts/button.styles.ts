import { css } from 'lit';

export const buttonStyles = css`
  .button-layout {
    position: relative;
  }
  .pill {
    --_size: auto;
    display: inline-flex;
    gap: 0.5em;
    padding-block: 0.25em;
    padding-inline: 0.25em 1.25em;
    border-radius: 3em;
    text-align: start;
  }
  .pill .visualizer {
    --_size: 2.5em;
    border-radius: 50%;
    background: var(--_surface);
  }
  /* At the bottom of the window, because there is not enough space next to every button. */
  .pop {
    inset: auto 0.75em 0.75em;
    gap: 0.5em;
    max-inline-size: 24em;
    margin-inline: auto;
  }
  .pop > .consent,
  .pop > .error {
    max-block-size: calc(100dvh - 1.5em);
    overflow-y: auto;
    box-shadow: var(--_shadow);
  }
`;
