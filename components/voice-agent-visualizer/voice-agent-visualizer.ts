import { LitElement, type PropertyDeclarations, type TemplateResult } from 'lit';
import { AgentLink } from '../parts/agent-link.js';
import { VISUALIZERS, type VisualizerName } from '../parts/conversation-view.js';
import { choose } from '../parts/choice.js';
import { VisualizerController } from '../parts/visualizer-controller.js';
import { visualizerTemplate } from '../parts/visualizer-template.js';
import { visualizerStyles } from '../parts/visualizer.styles.js';
import { tokens } from '../themes/tokens.styles.js';
import { voiceAgentVisualizerStyles } from './voice-agent-visualizer.styles.js';

/**
 * @summary How both sides sound, anywhere on the page. Decoration: assistive technology does not see it.
 *
 * @tag voice-agent-visualizer
 *
 * @attr for - Id of the `<voice-agent>`; without it, the one around this element.
 * @attr look - `orb` or `bars`.
 * @attr theme - `light`, `dark` or `auto`.
 *
 * @csspart visualizer - The box of the picture.
 *
 * @cssprop --voice-agent-agent-color - The agent.
 * @cssprop --voice-agent-agent-color-2 - Its second colour.
 * @cssprop --voice-agent-agent-color-3 - Its third colour.
 * @cssprop --voice-agent-user-color - The user.
 */
export class VoiceAgentVisualizerElement extends LitElement {
  static override readonly styles = [tokens, visualizerStyles, voiceAgentVisualizerStyles];
  static override readonly properties: PropertyDeclarations = {
    for: {},
    look: {},
    theme: { reflect: true },
  };

  /** Id of the agent's element, in the same tree. */
  declare for: string | null;
  declare look: VisualizerName;
  declare theme: 'light' | 'dark' | 'auto';

  readonly #link = new AgentLink(this, {
    levels: ({ detail }) => this.#painter.setLevels(detail, this.#link.agent?.muted ?? false),
  });
  readonly #painter = new VisualizerController(this, () => this.#look);

  constructor() {
    super();
    this.for = null;
    this.look = 'orb';
    this.theme = 'auto';
  }

  protected override render(): TemplateResult {
    return visualizerTemplate({ state: this.#link.agent?.state ?? 'idle', visualizer: this.#look });
  }

  get #look(): VisualizerName {
    return choose('look', this.look, VISUALIZERS);
  }
}
