import type { TemplateResult } from 'lit';
import type { ConversationStore } from '../conversation/conversation-store.js';
import { AgentPart } from '../extras/agent-part.js';
import { keepReadingPlace } from '../parts/reading-place.js';
import { transcriptTemplate } from '../parts/transcript-template.js';
import { transcriptStyles } from '../parts/transcript.styles.js';
import { tokens } from '../themes/tokens.styles.js';
import { voiceAgentTranscriptStyles } from './voice-agent-transcript.styles.js';

/** The transcript of each conversation that is announced. */
const announcers = new WeakMap<ConversationStore, VoiceAgentTranscriptElement>();

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
    const { layout, options } = view;
    // Otherwise the log of the agent's own UI and this one would announce everything twice.
    const isAlone = layout === 'headless' || (layout === 'floating' && !options.open);
    return transcriptTemplate(view, isAlone && this.#isAnnounced ? 'polite' : 'off');
  }

  /** Of several transcripts only one: the first, until it is removed or not displayed. */
  get #isAnnounced(): boolean {
    const { store } = this;
    if (!store) return true;
    const other = announcers.get(store);
    if (other?.store !== store || !other.getClientRects().length) announcers.set(store, this);
    return announcers.get(store) === this;
  }
}
