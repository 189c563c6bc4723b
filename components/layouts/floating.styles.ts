import { css } from 'lit';

export const floatingStyles = css`
  .floating {
    inset: var(--voice-agent-inset, 1.25em);
    align-items: end;
    justify-content: end;
    gap: 0.75em;
    /* The box spans the window, but only visible content receives clicks. */
    pointer-events: none;
  }
  /* WebKit positions a popover that was moved with its card open in its old container, unless its style changes.
     No more specific than the rule for paper, which follows. */
  .floating:where(:popover-open) {
    display: inline-flex;
  }
  .floating > * {
    pointer-events: auto;
  }
  .top-start,
  .top-end {
    justify-content: start;
  }
  .top-start,
  .bottom-start {
    align-items: start;
  }
  .sheet {
    position: relative;
    container: voice-agent / inline-size;
    inline-size: min(24em, 100%);
    border-radius: var(--_radius);
    background: var(--_surface);
    animation: arrive 0.25s ease-out;
  }
  .sheet > .panel {
    block-size: min(var(--voice-agent-height, 34em), 100dvh - 7.5em);
  }
  /* Room for the close button. */
  .sheet ::slotted([slot='header']) {
    max-inline-size: calc(100% - 2em);
  }
  .close {
    --_size: 2.25em;
    position: absolute;
    inset-block-start: 0.75em;
    inset-inline-end: 0.75em;
    z-index: 1;
    background: none;
  }
  .launcher {
    --_size: 3.75em;
    position: relative;
    color: #fff;
    background:
      radial-gradient(closest-side, rgb(0 0 0 / 38%) 60%, transparent),
      linear-gradient(60deg, var(--_agent-3), var(--_agent) 40% 65%, var(--_agent-2)) var(--_agent);
    box-shadow: var(--_shadow);
  }
  /* The ring shows that a call continues while the card is closed. */
  .launcher.active::after {
    content: '';
    position: absolute;
    inset: -5px;
    border: 3px solid var(--_user);
    border-radius: 50%;
    animation: fade 1.2s ease-in-out infinite alternate;
  }
  /* A fixed element would be printed on every sheet of paper. */
  @media print {
    .floating {
      display: none;
    }
  }
  /* In a low or zoomed window, the card takes the full size. */
  @media (height < 26em) {
    .sheet {
      position: fixed;
      inset: 0.5em;
      z-index: 1;
      display: flex;
      flex-direction: column;
      inline-size: auto;
    }
    /* Above the card, which scrolls: it must not lie over another button. */
    .close {
      position: static;
      align-self: end;
    }
    .sheet > .panel {
      flex: 1;
    }
    .launcher[aria-expanded='true'] {
      visibility: hidden;
    }
  }
  @media (forced-colors: active) {
    .launcher {
      background: ButtonFace;
    }
  }
`;
