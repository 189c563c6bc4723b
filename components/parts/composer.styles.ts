import { css } from 'lit';

export const composerStyles = css`
  .composer {
    display: flex;
    gap: 0.5em;
  }
  input {
    flex: 1;
    min-inline-size: 0;
    min-block-size: 44px;
    padding: 0.4em 0.9em;
    border: 1px solid color-mix(in srgb, var(--_text) 50%, var(--_surface));
    border-radius: 2em;
    background: var(--_surface);
    color: inherit;
    font: inherit;
  }
  input::placeholder {
    color: var(--_muted);
    opacity: 1;
  }
`;
