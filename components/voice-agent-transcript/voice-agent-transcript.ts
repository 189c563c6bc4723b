import { LitElement, type PropertyDeclarations, type TemplateResult } from 'lit';
import { LocaleController } from '../locales/locale-controller.js';
import { AgentLink } from '../parts/agent-link.js';
import { transcriptTemplate } from '../parts/transcript-template.js';
import { transcriptStyles } from '../parts/transcript.styles.js';
import { tokens } from '../themes/tokens.styles.js';
import { voiceAgentTranscriptStyles } from './voice-agent-transcript.styles.js';

/**
 * @summary What both sides have said, anywhere on the page.
 *
 * @tag voice-agent-transcript
 *
 * @attr for - Id of the `<voice-agent>`; without it, the one around this element.
 * @attr theme - `light`, `dark` or `auto`.
 *
 * @csspart transcript - The scrolling transcript.
 * @csspart entry - One utterance; also `entry-user` or `entry-agent`.
 * @csspart entry-text - The words of an utterance.
 * @csspart entry-unheard - Words of the agent that were announced and never heard, struck.
 * @csspart entry-note - Says that an utterance was interrupted or never spoken.
 *
 * @cssprop [--voice-agent-height=100%] - Height of the box; longer transcripts scroll.
 */
export class VoiceAgentTranscriptElement extends LitElement {
  static override readonly styles = [tokens, transcriptStyles, voiceAgentTranscriptStyles];
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
    return transcriptTemplate(this.#link.view(this.#locale.messages));
  }
}
