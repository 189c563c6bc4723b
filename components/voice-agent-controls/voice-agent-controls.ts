import { LitElement, type PropertyDeclarations, type TemplateResult } from 'lit';
import { LocaleController } from '../locales/locale-controller.js';
import { AgentLink } from '../parts/agent-link.js';
import { controlsTemplate } from '../parts/controls-template.js';
import { controlsStyles } from '../parts/controls.styles.js';
import { tokens } from '../themes/tokens.styles.js';
import { voiceAgentControlsStyles } from './voice-agent-controls.styles.js';

/**
 * @summary Mute, start or end, interrupt: the buttons of a conversation, anywhere on the page.
 *
 * @tag voice-agent-controls
 *
 * @attr for - Id of the `<voice-agent>`; without it, the one around this element.
 * @attr theme - `light`, `dark` or `auto`.
 *
 * @slot icon - Instead of the handset in the call button.
 *
 * @csspart controls - The row of buttons.
 * @csspart button - Every button; also `call-button`, `mute-button`, `interrupt-button`.
 * @csspart icon - The picture in a button.
 *
 * @cssprop [--voice-agent-button-size=4em] - Diameter of the call button.
 */
export class VoiceAgentControlsElement extends LitElement {
  static override readonly styles = [tokens, controlsStyles, voiceAgentControlsStyles];
  static override readonly properties: PropertyDeclarations = { for: {}, theme: { reflect: true } };

  /** Id of the agent's element, in the same tree. */
  declare for: string | null;
  declare theme: 'light' | 'dark' | 'auto';

  readonly #link = new AgentLink(this);
  readonly #locale = new LocaleController(this);

  constructor() {
    super();
    this.for = null;
    this.theme = 'auto';
  }

  protected override render(): TemplateResult {
    return controlsTemplate(this.#link.view(this.#locale.messages), this.#link.actions);
  }
}
