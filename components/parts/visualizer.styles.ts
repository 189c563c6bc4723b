import { css } from 'lit';

export const visualizerStyles = css`
  .visualizer {
    position: relative;
    display: grid;
  }
  canvas {
    position: absolute;
    inset: 0;
    inline-size: 100%;
    block-size: 100%;
    /* The painter reads its colours from here. The transition only turns every change into an event. */
    color: var(--_agent);
    border-color: var(--_agent-2);
    border-bottom-color: var(--_agent-3);
    outline-color: var(--_user);
    column-rule-color: color-mix(in srgb, var(--_text) 26%, transparent);
    transition: 1ms;
  }
  /* While waiting there is no sound to show, so a slow arc shows activity. */
  .orb.waiting::after {
    content: '';
    place-self: center;
    block-size: min(84%, var(--_orb-size, 84%));
    max-inline-size: 84%;
    aspect-ratio: 1;
    border: 3px solid transparent;
    border-block-start-color: var(--_agent);
    border-radius: 50%;
    animation: turn 1.4s linear infinite;
  }
  .bars.waiting {
    animation: fade 0.7s ease-in-out infinite alternate;
  }
  @keyframes fade {
    to {
      opacity: 0.25;
    }
  }
  @keyframes turn {
    to {
      rotate: 1turn;
    }
  }
`;
