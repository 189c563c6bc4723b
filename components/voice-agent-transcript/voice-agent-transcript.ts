import type { TemplateResult } from 'lit';
import { AgentPart } from '../extras/agent-part.js';
import { keepReadingPlace } from '../parts/reading-place.js';
import { transcriptTemplate } from '../parts/transcript-template.js';
import { transcriptStyles } from '../parts/transcript.styles.js';
import { tokens } from '../themes/tokens.styles.js';
import { voiceAgentTranscriptStyles } from './voice-agent-transcript.styles.js';

/**
 * @summary The transcript of both sides, anywhere on the page.
 *
 * @tag voice-agent-transcript
 *
 * @csspart transcript - The scrolling transcript.
 * @csspart entry - One utterance; also `entry-user` or `entry-agent`.
 * @csspart entry-text - The words of an utterance.
 * @csspart entry-unheard - Words of the agent that were never heard, struck through.
 * @csspart entry-note - Marks an utterance as interrupted or not spoken.
 *
 * @cssprop [--voice-agent-height=100%] - Height of the box; longer transcripts scroll.
 */
export class VoiceAgentTranscriptElement extends AgentPart {
  static override readonly styles = [tokens, transcriptStyles, voiceAgentTranscriptStyles];

  constructor() {
    super();
    keepReadingPlace(this);
  }

  protected override render(): TemplateResult {
    const { view } = this;
    // Otherwise the log of the agent's own UI and this one would announce everything twice.
    return transcriptTemplate(view, view.layout === 'headless' ? 'polite' : 'off');
  }
}
