import {
  CALL_OPTIONS,
  type Option,
  type OptionName,
  type VoiceAgent,
  type VoiceAgentOptions,
} from '../../src/index.js';
import { allowedValue } from '../parts/allowed-value.js';
import { declaredTools } from './declared-tools.js';

const OPTIONS = Object.entries<Option>(CALL_OPTIONS);

/**
 * A removed attribute arrives as `null` and is passed on as `undefined`. Tools declared in HTML follow the page's own; its
 * variables override `data-*` attributes.
 */
export function passOptions(
  from: HTMLElement &
    Readonly<Partial<Record<OptionName, unknown>>> &
    Pick<VoiceAgentOptions, 'tools' | 'variables'>,
  to: Pick<VoiceAgent, OptionName>,
): void {
  const source: Readonly<Record<string, unknown>> = from as object as Record<string, unknown>;
  const target = to as Record<string, unknown>;
  for (const [name, option] of OPTIONS)
    target[name] = isLenient(option)
      ? allowedValue(source, name, option.choices)
      : // Nothing is recorded for an element that is not in the page.
        (name === 'muted' && !from.isConnected) || (source[name] ?? undefined);
  to.variables = Object.assign({}, from.dataset, from.variables);
  const declared = declaredTools(from);
  if (declared.length > 0) to.tools = [from.tools ?? [], declared].flat();
}

function isLenient(option: Option): option is Option & { readonly choices: readonly [string, ...string[]] } {
  return 'lenient' in option;
}

/** The interface of a call that the element needs. `VoiceAgent` implements it. */
export type ConversationAgent = Pick<
  VoiceAgent,
  | OptionName
  | 'state'
  | 'userSpeaking'
  | 'error'
  | 'transcript'
  | 'prepare'
  | 'resume'
  | 'keep'
  | 'handOver'
  | 'start'
  | 'stop'
  | 'interrupt'
  | 'say'
  | 'reply'
  | 'updateSession'
  | 'tapAudio'
>;
