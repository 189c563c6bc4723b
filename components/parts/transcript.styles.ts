import { css } from 'lit';

export const transcriptStyles = css`
  /* Reversed, a scroller stays at its end as it grows, and keeps its scroll position (in WebKit with ReadingPlace). */
  .transcript {
    display: flex;
    flex-direction: column-reverse;
    overflow-y: auto;
    overscroll-behavior: contain;
    scrollbar-width: thin;
    min-block-size: 0;
  }
  .entries {
    margin-block-end: auto;
  }
  .log {
    display: flex;
    flex-direction: column;
    gap: 0.5em;
  }
  .log:not(:empty) + .open:not(:empty) {
    margin-block-start: 0.5em;
  }
  .entry {
    max-inline-size: min(85%, 34em);
    padding: 0.5em 0.85em;
    /* Visible with forced colours and more contrast. */
    border: 1px solid transparent;
    border-radius: 1.1em;
    overflow-wrap: anywhere;
    animation: arrive 0.25s ease-out;
  }
  .agent {
    align-self: flex-start;
    border-end-start-radius: 0.3em;
    background: color-mix(in srgb, var(--_agent) var(--_tint), var(--_surface));
  }
  .user {
    align-self: flex-end;
    border-end-end-radius: 0.3em;
    background: color-mix(in srgb, var(--_user) var(--_user-tint), var(--_surface));
  }
  .partial.user {
    border: 1px dashed var(--_line);
  }
  hr {
    margin: 0.9em auto;
    inline-size: 4em;
    border: 0;
    border-block-start: 1px solid var(--_line);
  }
  .earlier .entry {
    animation: none;
  }
  s {
    color: var(--_muted);
  }
  .note {
    display: block;
    inline-size: fit-content;
    margin-block-start: 0.2em;
    color: var(--_muted);
    font-size: 0.875em;
  }
  .note::before {
    content: '';
    display: inline-block;
    inline-size: 0.45em;
    block-size: 0.65em;
    margin-inline-end: 0.45em;
    border: solid;
    border-width: 0 0.14em;
  }
  @keyframes arrive {
    from {
      opacity: 0;
      transform: translateY(0.5em);
    }
  }
  @media (prefers-contrast: more) {
    .entry {
      border-color: var(--_line);
    }
  }
`;
