import { html, nothing, type TemplateResult } from 'lit';
import { isActive, type ConversationActions, type FaceView } from './conversation-view.js';
import { handsetIcon, interruptIcon, microphoneIcon, microphoneOffIcon } from './icons.js';

/**
 * The buttons in visual order: mute, start or end, interrupt. The last one is never `disabled`, because that would
 * move the focus at the end of every reply.
 */
export function controlsTemplate(view: FaceView, actions: ConversationActions): TemplateResult {
  const { state, messages } = view;
  const active = isActive(state);
  return html`<div class="controls ${active ? 'active' : ''}" part="controls">
    ${microphoneTemplate(view, actions)}
    <button
      class="call ${active ? 'end' : ''}"
      part="button call-button"
      aria-label=${active ? messages.end : messages.start}
      @click=${actions.toggleCall}
    >
      <slot name="icon">${handsetIcon}</slot>
    </button>
    <button
      class="side interrupt"
      part="button interrupt-button"
      aria-label=${messages.interrupt}
      aria-disabled=${state !== 'speaking'}
      @click=${actions.interrupt}
    >
      ${interruptIcon}
    </button>
  </div>`;
}

/** The single button for the microphone, if there is one. */
export function microphoneTemplate(
  view: FaceView,
  actions: ConversationActions,
): TemplateResult | typeof nothing {
  if (view.textOnly) return nothing;
  return view.pushToTalk ? talkTemplate(view, actions) : muteTemplate(view, actions);
}

function muteTemplate({ muted, messages }: FaceView, actions: ConversationActions): TemplateResult {
  return html`<button
    class="side mute"
    part="button mute-button"
    aria-label=${messages.mute}
    aria-pressed=${muted}
    @click=${actions.toggleMuted}
  >
    ${muted ? microphoneOffIcon : microphoneIcon}
  </button>`;
}

function talkTemplate(
  { muted, messages }: FaceView,
  { press, release, toggleMuted }: ConversationActions,
): TemplateResult {
  const hold = (event: PointerEvent): void => {
    if (event.button) return;
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    press();
  };
  // Enter and assistive technology click without a pointer.
  const click = (event: MouseEvent): unknown => event.detail === 0 && toggleMuted();
  return html`<button
    class="side mute hold"
    part="button talk-button"
    aria-label=${messages.holdToTalk}
    aria-pressed=${!muted}
    @pointerdown=${hold}
    @lostpointercapture=${release}
    @click=${click}
  >
    ${muted ? microphoneOffIcon : microphoneIcon}
  </button>`;
}
