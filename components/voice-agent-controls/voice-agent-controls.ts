import { html, type TemplateResult } from 'lit';
import { AgentPart } from '../extras/agent-part.js';
import { controlsTemplate } from '../parts/controls-template.js';
import { controlsStyles } from '../parts/controls.styles.js';
import { isSpace } from '../parts/push-to-talk.js';
import { tokens } from '../themes/tokens.styles.js';
import { voiceAgentControlsStyles } from './voice-agent-controls.styles.js';

/**
 * @summary The buttons of a conversation (mute, start or end, interrupt), anywhere on the page.
 *
 * @tag voice-agent-controls
 *
 * @slot icon - Replaces the handset in the call button.
 *
 * @csspart controls - The row of buttons.
 * @csspart button - Every button; also `call-button`, `mute-button`, `interrupt-button`.
 * @csspart icon - The icon in a button.
 *
 * @cssprop [--voice-agent-button-size=4em] - Diameter of the call button.
 */
export class VoiceAgentControlsElement extends AgentPart {
  static override readonly styles = [tokens, controlsStyles, voiceAgentControlsStyles];

  constructor() {
    super();
    // As in the tag, whose own listeners notice that the key is released elsewhere.
    this.addEventListener('keydown', (event) => {
      if (!this.view.pushToTalk || !this.inCall || !isSpace(event)) return;
      event.preventDefault();
      // Controls inside the tag must not open the microphone twice.
      event.stopPropagation();
      if (!event.repeat) this.actions.press();
    });
    this.addEventListener('keyup', ({ key }) => key === ' ' && this.actions.release());
  }

  protected override render(): TemplateResult {
    return html`<div class="rest" tabindex="-1">${controlsTemplate(this.view)}</div>`;
  }
}
