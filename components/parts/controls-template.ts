import { html, nothing, type TemplateResult } from 'lit';
import { isActive, type TemplateView } from './conversation-view.js';
import { handsetIcon, interruptIcon, microphoneIcon, microphoneOffIcon } from './icons.js';

/**
 * The buttons in visual order: mute, start or end, interrupt. The last one is never `disabled`, because that would
 * move the focus at the end of every reply.
 */
export function controlsTemplate(view: TemplateView): TemplateResult {
  const { state, messages } = view;
  const active = isActive(state);
  return html`<div class="controls ${active ? 'active' : ''}" part="controls">
    ${microphoneTemplate(view)}
    <button
      class="call"
      part="button call-button"
      aria-label=${active ? messages.end : messages.start}
      @click=${view.toggleCall}
    >
      <slot name="icon">${handsetIcon}</slot>
    </button>
    <button
      class="side interrupt"
      part="button interrupt-button"
      aria-label=${messages.interrupt}
      aria-disabled=${state !== 'speaking'}
      ?hidden=${!active}
      @click=${view.interrupt}
    >
      ${interruptIcon}
    </button>
  </div>`;
}

/** The single button for the microphone, if there is one: it mutes, or with push-to-talk it is held to talk. */
export function microphoneTemplate({
  state,
  textOnly,
  pushToTalk,
  muted,
  messages,
  press,
  release,
  toggleMuted,
}: TemplateView): TemplateResult | typeof nothing {
  if (textOnly) return nothing;
  const kind = pushToTalk ? 'talk' : 'mute';
  const hold = (event: PointerEvent): void => {
    if (!pushToTalk || event.button) return;
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    press();
  };
  // Enter and assistive technology click without a pointer.
  const click = (event: MouseEvent): unknown => (!pushToTalk || event.detail === 0) && toggleMuted();
  return html`<button
    class="side mute ${pushToTalk ? 'hold' : ''}"
    part="button ${kind}-button"
    aria-label=${pushToTalk ? messages.holdToTalk : messages.mute}
    aria-pressed=${muted !== pushToTalk}
    ?hidden=${muted === pushToTalk && !isActive(state)}
    @pointerdown=${hold}
    @lostpointercapture=${release}
    @click=${click}
  >
    ${muted ? microphoneOffIcon : microphoneIcon}
  </button>`;
}
