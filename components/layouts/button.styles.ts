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
  .button-layout > .consent,
  .button-layout > .error {
    position: absolute;
    inset-block-start: calc(100% + 0.5em);
    inset-inline-start: 0;
    z-index: 1;
    inline-size: min(22em, 90vw);
    box-shadow: var(--_shadow);
  }
  /* There is no line to write in. */
  .button-layout .write {
    display: none;
  }
`;
