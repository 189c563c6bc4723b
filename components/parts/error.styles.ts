import { css } from 'lit';

export const errorStyles = css`
  .consent,
  .error {
    padding: 0.9em 1em;
    border: 1px solid var(--_line);
    border-radius: 1em;
    background: var(--_surface);
  }
  .error {
    display: flex;
    gap: 0.75em;
    overflow-y: auto;
    overscroll-behavior: contain;
    border-color: color-mix(in srgb, var(--_danger) 45%, var(--_surface));
    background: color-mix(in srgb, var(--_danger) 8%, var(--_surface));
  }
  .error .retry,
  .alert {
    color: var(--_danger);
  }
  .choice {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5em;
  }
  .retry {
    margin-block-start: 0.6em;
    padding: 0.4em 0.9em;
    min-block-size: 32px;
    border: 1px solid;
    border-radius: 2em;
  }
  .retry:hover {
    background: var(--_surface);
  }
  .retry.agree {
    border-color: var(--_accent);
    background: var(--_accent);
    color: var(--_on-accent);
    forced-color-adjust: none;
  }
  .notice:empty {
    position: absolute;
  }
  .notice:not(:empty) {
    padding: 0.4em 0.9em;
    border-radius: 1em;
    background: var(--_soft);
    text-align: center;
  }
`;
