import type { PropertyDeclarations } from 'lit';
import type { VoiceAgent, VoiceAgentOptions } from '../../src/index.js';
import { choose } from '../parts/choice.js';
import { declaredTools } from './declared-tools.js';

type OptionName = keyof VoiceAgentOptions | 'tools';

/** Every option of a call as a property of the element, most of them with an attribute. */
export const CALL_OPTION_PROPERTIES = {
  serverUrl: {},
  tokenUrl: {},
  // A secret is not to be copied into the page.
  token: { reflect: false },
  getToken: { attribute: false },
  agentId: {},
  systemPrompt: {},
  greeting: {},
  voice: {},
  inputMode: {},
  inputEncoding: {},
  outputEncoding: {},
  muted: { type: Boolean },
  volume: { type: Number },
  microphoneId: {},
  speakerId: {},
  releaseMicrophone: { type: Boolean },
  maxDuration: { type: Number },
  idleTimeout: { type: Number },
  toolTiming: {},
  assetBase: {},
  sessionConfig: { attribute: false },
  tools: { attribute: false },
} as const satisfies PropertyDeclarations & Record<OptionName, unknown>;

/** As in HTML, a wrong manner falls back to the usual one; a wrong encoding or limit would cost sound or money, and is an error. */
const MANNERS: Partial<Record<OptionName, readonly [attribute: string, values: [string, string]]>> = {
  inputMode: ['input-mode', ['voice', 'text']],
  toolTiming: ['tool-timing', ['after-reply', 'immediate']],
};

const NAMES = Object.keys(CALL_OPTION_PROPERTIES) as OptionName[];

/**
 * Copies what has changed; an attribute that was removed arrives as `null` and leaves as `undefined`. Tools declared in
 * HTML come after the page's own.
 */
export function passOptions(
  from: Element & Readonly<Partial<Record<OptionName, unknown>>> & { readonly tools?: VoiceAgent['tools'] },
  to: Pick<VoiceAgent, OptionName>,
): void {
  const target = to as unknown as Record<OptionName, unknown>;
  for (const name of NAMES) {
    const [attribute, values] = MANNERS[name] ?? [];
    const value = values ? choose(attribute!, from[name], values) : (from[name] ?? undefined);
    if (target[name] !== value) target[name] = value;
  }
  const declared = declaredTools(from);
  if (declared.length > 0) to.tools = [...(from.tools ?? []), ...declared];
}

/** What the element needs of a call; `VoiceAgent` is one. */
export type ConversationAgent = Pick<
  VoiceAgent,
  | OptionName
  | 'state'
  | 'userSpeaking'
  | 'error'
  | 'transcript'
  | 'start'
  | 'stop'
  | 'interrupt'
  | 'say'
  | 'reply'
  | 'update'
  | 'tapAudio'
>;
