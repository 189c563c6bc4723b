import { css } from 'lit';

export const transcriptStyles = css`
  /* Reversed, a scroller stays at its end as it grows, and keeps its scroll position (in WebKit with keepReadingPlace). */
  .transcript {
    display: flex;
    flex-direction: column-reverse;
    overflow-y: auto;
    overscroll-behavior: contain;
    scrollbar-width: thin;
  }
  .entries {
    margin-block-end: auto;
  }
  .log {
    display: flex;
    flex-direction: column;
  }
  .entry {
    max-inline-size: min(88%, 34em);
    margin-block: 0.25em;
    padding: 0.5em 0.9em;
    /* Visible with forced colours and more contrast. */
    border: 1px solid var(--_edge, transparent);
    border-radius: 1em;
    overflow-wrap: anywhere;
    animation: arrive 0.25s ease-out;
  }
  .agent {
    align-self: start;
    border-end-start-radius: 0.3em;
    background: color-mix(in srgb, var(--_agent) 10%, var(--_surface));
  }
  .user {
    align-self: end;
    border-end-end-radius: 0.3em;
    background: color-mix(in srgb, var(--_user) 16%, var(--_surface));
  }
  .partial.user {
    border: 1px dashed var(--_line);
  }
  hr {
    margin: 0.9em 40%;
    border: 0;
    border-block-start: 1px solid var(--_line);
  }
  .earlier .entry {
    animation: none;
  }
  s,
  .note {
    color: var(--_muted);
  }
  /* Two bars are the sign of a pause. */
  .note {
    display: block;
    margin-block: 0.3em;
    padding-inline-start: 0.5em;
    border-inline-start: 0.5em double;
    font-size: 0.9em;
    line-height: 1;
  }
  @keyframes arrive {
    from {
      opacity: 0;
      transform: translateY(0.5em);
    }
  }
`;
