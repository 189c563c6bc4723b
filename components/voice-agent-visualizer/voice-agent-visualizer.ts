import type { PropertyDeclarations, TemplateResult } from 'lit';
import type { ConversationListeners } from '../conversation/conversation-consumer.js';
import { AgentPart } from '../extras/agent-part.js';
import { allowedValue } from '../parts/allowed-value.js';
import { VISUALIZERS, type VisualizerName } from '../parts/ui-choices.js';
import { paintVisualizer } from '../parts/visualizer-controller.js';
import { visualizerTemplate } from '../parts/visualizer-template.js';
import { visualizerStyles } from '../parts/visualizer.styles.js';
import { tokens } from '../themes/tokens.styles.js';
import { voiceAgentVisualizerStyles } from './voice-agent-visualizer.styles.js';

/**
 * @summary An animation of both voices, anywhere on the page. It is decoration, hidden from assistive technology.
 *
 * @tag voice-agent-visualizer
 *
 * @csspart visualizer - The box of the visualizer.
 *
 * @cssprop --voice-agent-agent-color - The agent.
 * @cssprop --voice-agent-agent-color-2 - Its second colour.
 * @cssprop --voice-agent-agent-color-3 - Its third colour.
 * @cssprop --voice-agent-user-color - The user.
 */
export class VoiceAgentVisualizerElement extends AgentPart {
  static override readonly styles = [tokens, visualizerStyles, voiceAgentVisualizerStyles];
  static override readonly properties: PropertyDeclarations = { look: {} };

  /** `orb` (default) or `bars`. */
  declare look: VisualizerName;

  readonly #setLevels = paintVisualizer(this, () => this.#look);

  constructor() {
    super();
    this.look = 'orb';
  }

  protected override listeners(): ConversationListeners {
    return { levels: (levels) => this.#setLevels(levels, this.view.muted) };
  }

  protected override render(): TemplateResult {
    return visualizerTemplate({ state: this.view.state, visualizer: this.#look });
  }

  get #look(): VisualizerName {
    return allowedValue(this, 'look', VISUALIZERS);
  }
}
