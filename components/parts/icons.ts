import { html, type TemplateResult } from 'lit';

function icon(path: string, name = ''): TemplateResult {
  return html`<svg class="icon ${name}" part="icon" viewBox="0 0 24 24" aria-hidden="true">
    <path d=${path} />
  </svg>`;
}

/** Horizontal, for hanging up; the style sheet turns it to start a call. */
export const handsetIcon = icon('M2 13c6-5 14-5 20 0l-.5 4-5-1v-3c-3-1-6-1-9 0v3l-5 1z', 'handset');

const microphone = 'M9 5.5a3 3 0 0 1 6 0V11a3 3 0 0 1-6 0zM5.5 11a6.5 6.5 0 0 0 13 0M12 17.5v4';
export const microphoneIcon = icon(microphone);
export const microphoneOffIcon = icon(`${microphone}M4 3.5l16 17`);
export const interruptIcon = icon('M5 5.5l9 6.5-9 6.5zM18.5 5.5v13');
export const alertIcon = icon('M21.5 12a9.5 9.5 0 0 1-19 0 9.5 9.5 0 0 1 19 0M12 7v6M12 16.6v.1', 'alert');
export const closeIcon = icon('M6 6l12 12M18 6L6 18');
export const sendIcon = icon('M12 20V5M5.5 11.5L12 5l6.5 6.5');
