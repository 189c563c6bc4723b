import { css } from 'lit';

export const errorStyles = css`
  .error {
    display: flex;
    gap: 0.75em;
    padding: 0.9em 1em;
    overflow-y: auto;
    border: 1px solid color-mix(in srgb, var(--_danger) 45%, var(--_surface));
    border-radius: 1em;
    background: color-mix(in srgb, var(--_danger) 8%, var(--_surface));
    font-size: 0.925em;
    overflow-wrap: anywhere;
  }
  .consent {
    padding: 0.9em 1em;
    border: 1px solid var(--_line);
    border-radius: 1em;
    background: var(--_surface);
    font-size: 0.925em;
  }
  .choice {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5em;
  }
  .consent .retry {
    color: inherit;
  }
  .consent .agree {
    border-color: var(--_accent);
    background: var(--_accent);
    color: var(--_on-accent);
  }
  .notice:empty {
    position: absolute;
  }
  .notice:not(:empty) {
    padding: 0.4em 0.9em;
    border-radius: 1em;
    background: var(--_soft);
    font-size: 0.875em;
    text-align: center;
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
`;
