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
    /* The painter reads its colours from here. The transition only makes every change of them an event. */
    color: var(--_agent);
    border: 0 solid var(--_agent-2);
    border-bottom-color: var(--_agent-3);
    outline: 0 solid var(--_user);
    column-rule-color: color-mix(in srgb, var(--_text) 26%, transparent);
    transition:
      color 1ms,
      border-color 1ms,
      outline-color 1ms,
      column-rule-color 1ms;
  }
  /* Waiting has no sound to show: a slow arc says that something is under way. */
  .visualizer::after {
    content: '';
    place-self: center;
    block-size: min(100%, var(--_orb-size, 100%));
    max-inline-size: 100%;
    aspect-ratio: 1;
    border-radius: 50%;
    padding: 3px;
    background: conic-gradient(transparent 55%, var(--_agent));
    -webkit-mask:
      linear-gradient(#000 0 0) content-box,
      linear-gradient(#000 0 0);
    -webkit-mask-composite: xor;
    mask:
      linear-gradient(#000 0 0) content-box exclude,
      linear-gradient(#000 0 0);
    scale: 0.84;
    opacity: 0;
    transition: opacity 0.3s;
  }
  .visualizer.waiting::after {
    opacity: 1;
    animation: turn 1.4s linear infinite;
  }
  .bars.waiting::after {
    display: none;
  }
  .bars.waiting canvas {
    animation: wait 0.7s ease-in-out infinite alternate;
  }
  @keyframes wait {
    to {
      opacity: 0.25;
    }
  }
  @keyframes turn {
    to {
      rotate: 1turn;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .bars.waiting canvas,
    .visualizer.waiting::after {
      animation: none;
    }
  }
`;
