import { css } from 'lit';

/**
 * The palettes. Public `--voice-agent-*` properties override; private `--_*` properties hold the result. The agent is
 * cool and the user warm, in the visualizer and the transcript. Contrast of every text pair is at least 4.5 : 1.
 */
const light = css`
  :host {
    --_scheme: light;
    --_accent: var(--voice-agent-accent, #2f55e0);
    --_on-accent: var(--voice-agent-on-accent, #fff);
    --_surface: var(--voice-agent-surface, #fff);
    --_text: var(--voice-agent-text, #14171f);
    --_danger: var(--voice-agent-danger, #c62f36);
    --_agent: var(--voice-agent-agent-color, var(--_accent));
  }
`;

/** Replaces `light`, see `followPageTheme`. */
export const dark = css`
  :host {
    --_scheme: dark;
    --_accent: var(--voice-agent-accent, #8ea7ff);
    --_on-accent: var(--voice-agent-on-accent, #0b1026);
    --_surface: var(--voice-agent-surface, #14171f);
    --_text: var(--voice-agent-text, #eef1f7);
    --_danger: var(--voice-agent-danger, #ff706b);
    --_agent: var(--voice-agent-agent-color, #5c7cff);
  }
`;

/**
 * For all elements of the package: typography, focus ring, hidden text. The user's system settings override the
 * palette.
 */
const shared = css`
  /* Text styles of the page are not inherited, except around the page's own UI. */
  :host(:where(:not([layout='headless']))),
  .ground {
    all: initial;
    color: inherit;
    color-scheme: inherit;
    visibility: inherit;
    pointer-events: inherit;
    font-family: var(--voice-agent-font, system-ui, sans-serif);
    font-size: var(--voice-agent-font-size, max(1rem, 16px));
    line-height: 1.45;
  }
  /*
   * For followPageTheme: every change of the page's colours starts a transition. Not on the host, whose transitions are
   * the page's. Important, because many pages turn off all transitions while they change their theme.
   */
  :host(:not([layout='headless']))::before {
    content: '';
    position: absolute;
    outline-color: light-dark(#000, #fff);
    transition: 1ms !important;
  }
  /* A change of the system's theme, too. */
  @media (prefers-color-scheme: dark) {
    :host::before {
      text-decoration-color: red;
    }
  }
  /* And a tag that was hidden during a change. */
  @starting-style {
    :host::before {
      text-decoration-color: blue;
    }
  }
  :host {
    --_agent-2: var(--voice-agent-agent-color-2, #1fc8d8);
    --_agent-3: var(--voice-agent-agent-color-3, #7b45f0);
    --_user: var(--voice-agent-user-color, #ee6a35);
    --_radius: var(--voice-agent-radius, 1.25em);
    --_muted: color-mix(in srgb, var(--_text) 70%, var(--_surface));
    --_line: color-mix(in srgb, var(--_text) 13%, var(--_surface));
    --_soft: color-mix(in srgb, var(--_text) 9%, var(--_surface));
    --_shadow: 0 1px 2px rgb(0 0 0 / 8%), 0 12px 32px -8px rgb(0 0 0 / 25%);
  }
  :host > :where(:not(slot)) {
    color: var(--_text);
    color-scheme: var(--_scheme);
  }
  @media (prefers-contrast: more) {
    :host {
      --_muted: var(--_text);
      --_line: color-mix(in srgb, var(--_text) 60%, var(--_surface));
      --_edge: var(--_line);
    }
  }
  @media (forced-colors: active) {
    :host {
      --_surface: Canvas;
      --_text: CanvasText;
      --_accent: ButtonText;
      --_on-accent: ButtonFace;
      --_danger: ButtonText;
      --_agent: Highlight;
      --_agent-2: Highlight;
      --_agent-3: Highlight;
    }
  }
  @media (prefers-reduced-transparency: reduce) {
    .panel,
    .transcript {
      background-image: none !important;
      mask: none !important;
    }
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  /* The tag itself may be a popover. */
  :host([popover]:not(:popover-open)) {
    display: none;
  }
  *,
  ::before,
  ::after {
    box-sizing: border-box;
  }
  :focus-visible {
    outline: 3px solid var(--_accent);
    outline-offset: 2px;
  }
  .vh {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  @media (prefers-reduced-motion: reduce) {
    /* The canvas must be notified of changes. */
    :not(canvas),
    ::before,
    ::after {
      animation: none !important;
      transition: none !important;
    }
  }
`;

/** The palette must come first. */
export const tokens = [light, shared];
