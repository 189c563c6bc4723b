/**
 * `voice-agent-element/testing`: importing it registers a stand-in for `<voice-agent>`. Import it before the element, for
 * example in the test runner's setup file. A later import of the element then has no effect.
 */
import { VoiceAgentStandIn } from './voice-agent-stand-in.js';

const TAG = 'voice-agent';

if (typeof document === 'object') {
  const registered = customElements.get(TAG);
  if (!registered) customElements.define(TAG, VoiceAgentStandIn);
  // A test runner may load this module several times for one document.
  else if (!('becomes' in (registered.prototype as object)))
    throw new Error('Import voice-agent-element/testing before the element, for example in a setup file.');
}

/**
 * The first stand-in in `root`.
 * @throws {Error} if there is none
 */
export function findStandIn(root: ParentNode = document): VoiceAgentStandIn {
  const found = root.querySelector<VoiceAgentStandIn>(TAG);
  if (!found) throw new Error('There is no <voice-agent>.');
  return found;
}

export { VoiceAgentStandIn };
export type {
  Failure,
  PageRequest,
  StandInError,
  StandInState,
  StandInToolAnswer,
  Utterance,
} from './directed-call.js';
