import { html, type TemplateResult } from 'lit';

export function icon(path: string, name = ''): TemplateResult {
  return html`<svg class="icon ${name}" part="icon" viewBox="0 0 24 24" aria-hidden="true">
    <path d=${path} />
  </svg>`;
}

/** Horizontal, for hanging up; the style sheet turns it to start a call. */
export const handsetIcon = icon('M2 13c6-5 14-5 20 0l-.5 4-5-1v-3c-3-1-6-1-9 0v3l-5 1z', 'handset');

const microphone = 'M9 6a3 3 0 0 1 6 0v5a3 3 0 0 1-6 0zM5 11a7 7 0 0 0 14 0m-7 7v3';
export const microphoneIcon = icon(microphone);
export const microphoneOffIcon = icon(`${microphone}M4 4l16 16`);
export const interruptIcon = icon('M5 6l9 6-9 6zM18 6v12');
export const alertIcon = icon('M12 3a9 9 0 1 0 .1 0M12 7v6m0 4v.1', 'alert');
export const closeIcon = icon('M6 6l12 12m0-12L6 18');
export const sendIcon = icon('M12 20V6M6 12l6-6 6 6');
