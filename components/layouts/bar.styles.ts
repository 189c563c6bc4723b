import { css } from 'lit';

export const barStyles = css`
  .bar {
    padding: 0.5em 0.75em;
    break-inside: avoid;
  }
  .line {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.5em;
  }
  .bar .visualizer {
    --_size: 3em;
  }
  /* A name or a link of the page must not squeeze the state. */
  .words-line {
    flex: 1 0 8em;
    min-inline-size: 0;
  }
  .bar .controls {
    display: flex;
    gap: 0.4em;
    --voice-agent-button-size: 2.9em;
  }
  .bar .state-line,
  .caption {
    white-space: nowrap;
  }
  /* Where both do not fit, the length of the call is on a second line, which nobody sees. */
  .bar .state-line {
    block-size: 1.45em;
  }
  .bar .state-line,
  .bar .status,
  .caption,
  .caption span {
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .caption span {
    flex: 1;
  }
  /* If the words do not fit, the latest are visible. */
  .caption .latest {
    flex: 1 0 auto;
  }
  .caption {
    display: flex;
    justify-content: end;
  }
  .bar .notice,
  .bar .consent,
  .bar .composer,
  .bar .error {
    margin-block: 0.5em 0.25em;
  }
  @container voice-agent (width < 24em) {
    .words-line {
      flex-basis: 4em;
    }
    .bar .interrupt {
      display: none;
    }
  }
  @container voice-agent (width < 17em) {
    .bar .visualizer,
    .caption {
      display: none;
    }
  }
`;
