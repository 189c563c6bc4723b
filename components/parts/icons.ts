import { html, type TemplateResult } from 'lit';

function icon(path: string, name = ''): TemplateResult {
  return html`<svg class="icon ${name}" part="icon" viewBox="0 0 24 24" aria-hidden="true">
    <path d=${path} />
  </svg>`;
}

/** Lies flat to hang up; the style sheet lifts it to call. */
export const handsetIcon = icon(
  'M12 8.4c-3.9 0-7.5 1.3-10.2 3.7-.6.5-.8 1.3-.6 2.1l.6 2.1c.2.9 1.1 1.4 2 1.2l3-.7c.8-.2 1.3-.9 1.3-1.7v-2c1.3-.4 2.6-.6 3.9-.6s2.6.2 3.9.6v2c0 .8.5 1.5 1.3 1.7l3 .7c.9.2 1.8-.3 2-1.2l.6-2.1c.2-.8 0-1.6-.6-2.1C19.5 9.7 15.9 8.4 12 8.4z',
  'handset',
);

const microphone = 'M9 5.5a3 3 0 0 1 6 0V11a3 3 0 0 1-6 0zM5.5 11a6.5 6.5 0 0 0 13 0M12 17.5v4';
export const microphoneIcon = icon(microphone);
export const microphoneOffIcon = icon(`${microphone}M4 3.5l16 17`);
export const interruptIcon = icon('M5 5.5l9 6.5-9 6.5zM18.5 5.5v13');
export const alertIcon = icon('M21.5 12a9.5 9.5 0 0 1-19 0 9.5 9.5 0 0 1 19 0M12 7v6M12 16.6v.1', 'alert');
export const closeIcon = icon('M6 6l12 12M18 6L6 18');
export const sendIcon = icon('M12 20V5M5.5 11.5L12 5l6.5 6.5');
