import { css } from 'lit';

export const visualizerStyles = css`
  .visualizer {
    position: relative;
    display: grid;
    min-block-size: 0;
  }
  canvas {
    position: absolute;
    inset: 0;
    inline-size: 100%;
    block-size: 100%;
    /* The painter reads its colours from here. The transition only turns every change into an event. */
    color: var(--_agent);
    border: 0 solid var(--_agent-2);
    border-bottom-color: var(--_agent-3);
    outline: 0 solid var(--_user);
    column-rule-color: color-mix(in srgb, var(--_text) 26%, transparent);
    transition: 1ms;
  }
  /* While waiting there is no sound to show, so a slow arc shows activity. */
  .visualizer::after {
    content: '';
    place-self: center;
    block-size: min(100%, var(--_orb-size, 100%));
    max-inline-size: 100%;
    aspect-ratio: 1;
    border-radius: 50%;
    background: conic-gradient(transparent 55%, var(--_agent));
    -webkit-mask: radial-gradient(closest-side, transparent calc(100% - 3.5px), #000 calc(100% - 2.5px));
    scale: 0.84;
    opacity: 0;
    transition: opacity 0.3s;
  }
  .visualizer.waiting::after {
    opacity: 1;
    animation: turn 1.4s linear infinite;
  }
  .bars::after {
    display: none;
  }
  .bars.waiting canvas {
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
