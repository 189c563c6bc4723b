import { css } from 'lit';

export const voiceAgentStatsStyles = css`
  table {
    inline-size: 100%;
    border-collapse: collapse;
    font-size: 0.875em;
    font-variant-numeric: tabular-nums;
  }
  caption {
    padding-block-end: 0.4em;
    font-weight: 650;
    text-align: start;
  }
  th,
  td {
    padding: 0.3em 0;
    border-block-start: 1px solid var(--_line);
    text-align: start;
    vertical-align: middle;
  }
  th {
    padding-inline-end: 0.75em;
    color: var(--_muted);
    font-weight: 400;
  }
  td {
    text-align: end;
    overflow-wrap: anywhere;
  }
  /* Wide enough for all values, so that nothing moves during the call. */
  td:nth-child(2) {
    inline-size: 8.5em;
  }
  td:nth-child(3) {
    inline-size: 30%;
    padding-inline-start: 0.75em;
  }
  .spark {
    display: block;
    inline-size: 100%;
    block-size: 1.4em;
    overflow: visible;
  }
  polyline {
    fill: none;
    stroke: var(--_accent);
    stroke-width: 1.75;
    stroke-linejoin: round;
    vector-effect: non-scaling-stroke;
  }
  polyline + polyline {
    stroke: var(--_user);
    stroke-dasharray: 3 3;
  }
  /* Time runs from left to right in every language. */
  .spark:dir(rtl) {
    direction: ltr;
  }
  :host {
    container-type: inline-size;
    contain-intrinsic-inline-size: min(20em, 80vw);
  }
  @container (width < 18em) {
    td:nth-child(3),
    thead th:nth-child(3) {
      display: none;
    }
  }
`;
