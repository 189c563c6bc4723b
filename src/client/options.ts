/**
 * The options of a call, one row each. Types, properties, attributes, defaults, checks and the manifest follow from this
 * table. A new option is a row here and the code that uses it.
 */
import { AUDIO_ENCODINGS, DEFAULT_ENCODING, type AudioEncoding } from '../audio-encoding.js';
import type { SessionConfig } from '../protocol/messages.js';
import { checkServerUrl, checkTokenUrl, refuseApiKey } from './addresses.js';
import type { VoiceAgentTool } from './tool-calls.js';

/** Leads to the nearest region. */
export const DEFAULT_SERVER_URL = serviceUrl('agents');

/** @param host `agents`, or `agents.` and a region */
function serviceUrl(host: string): string {
  return `wss://${host}.assemblyai.com/v1/ws`;
}

/** Where a call goes when the token endpoint does not say otherwise. */
export function serverUrlOf({ serverUrl, region }: VoiceAgentOptions): string {
  return serverUrl || serviceUrl(region ? `agents.${region}` : 'agents');
}

/** What a timer of a browser can count: 24 days. */
const MAX_SECONDS = 2_147_483;

interface OptionFacts<Value> {
  /** What a call uses where the page says nothing. */
  readonly default?: Value;
  /** The element has the default as its value from the beginning. */
  readonly initial?: true;
  /** Takes effect at once, also during a call. All others are read by `start()`. */
  readonly live?: true;
  /** Where it throws, `start()` fails. */
  readonly check?: (value: Value) => unknown;
}

export interface TextOption extends OptionFacts<string> {
  readonly kind: 'text';
  /** Other values are refused. */
  readonly choices?: readonly string[];
  /** In an attribute, other values fall back to the default, as in HTML. A wrong encoding or limit would cost sound or money. */
  readonly lenient?: true;
}
export interface NumberOption extends OptionFacts<number> {
  readonly kind: 'number';
  /** The smallest is 0. */
  readonly max: number;
}
/** Off by default. */
export interface FlagOption extends OptionFacts<boolean> {
  readonly kind: 'flag';
}
/** What no attribute can carry. */
export interface ObjectOption<Value> {
  readonly kind: 'object';
  readonly value?: Value;
}
export type Option = TextOption | NumberOption | FlagOption | ObjectOption<unknown>;

/** What the value of an option may be. */
export type OptionValue<O> = O extends { readonly kind: 'flag' }
  ? boolean
  : O extends { readonly kind: 'number' }
    ? number
    : O extends { readonly choices: readonly (infer Choice)[] }
      ? Choice
      : O extends ObjectOption<infer Value>
        ? Value
        : string;

function object<Value>(): ObjectOption<Value> {
  return { kind: 'object' };
}

const ENCODINGS = Object.keys(AUDIO_ENCODINGS) as AudioEncoding[];

export const CALL_OPTIONS = {
  /** Returns `{token, ws_url?}`. Fetched again for every connection. */
  tokenUrl: { kind: 'text', check: checkTokenUrl },
  /** `get` (default), with a query that no cache has seen, or `post`, where an intermediary caches regardless. */
  tokenMethod: { kind: 'text', choices: ['get', 'post'], default: 'get' },
  /** A temporary token, good for one connection. Never an API key. */
  token: { kind: 'text', check: refuseApiKey },
  /** Returns a temporary token. Called again for every connection. Wins over `tokenUrl` and `token`. */
  getToken: object<() => Promise<string>>(),
  /** An agent stored with the service. Cannot be combined with `system-prompt`, `greeting` or `voice`. */
  agentId: { kind: 'text' },
  /** What the agent is and how it behaves. */
  systemPrompt: { kind: 'text' },
  /** Spoken word for word at the start. Without it, the agent listens first. */
  greeting: { kind: 'text' },
  /** Exact id of a voice of the service. */
  voice: { kind: 'text' },
  /** `voice` (default), or `text`: typed messages only, and the microphone is neither requested nor opened. Replies are still spoken. */
  inputMode: {
    kind: 'text',
    choices: ['voice', 'text'],
    default: 'voice',
    initial: true,
    lenient: true,
  },
  /** Encoding of the microphone: `audio/pcm` (default), `audio/pcmu` or `audio/pcma`. */
  inputEncoding: { kind: 'text', choices: ENCODINGS, default: DEFAULT_ENCODING },
  /** Encoding of the agent's voice: `audio/pcm` (default), `audio/pcmu` or `audio/pcma`. */
  outputEncoding: { kind: 'text', choices: ENCODINGS, default: DEFAULT_ENCODING },
  /** The microphone is muted: silence is sent, which turn detection needs. May change at any time. */
  muted: { kind: 'flag', live: true },
  /** Volume of the agent, linear, 0…1. May change at any time. Default 1. */
  volume: { kind: 'number', max: 1, default: 1, initial: true, live: true },
  /** `deviceId` of the microphone to use while it is connected. May change at any time. Default: the system's. */
  microphoneId: { kind: 'text', live: true },
  /** `deviceId` of the speaker, where the browser offers the choice. May change at any time. Default: the system's. */
  speakerId: { kind: 'text', live: true },
  /** While muted, the microphone is closed and the browser's recording indicator turns off. Unmuting then takes as long as the device needs to open. */
  releaseMicrophone: { kind: 'flag', live: true },
  /** Seconds after which a call ends, with a warning 30 s before. 0 for no limit. Default 900. */
  maxDuration: { kind: 'number', max: MAX_SECONDS, default: 900 },
  /** Seconds without speech from either side after which a call ends. 0 for no limit. Default 60. */
  idleTimeout: { kind: 'number', max: MAX_SECONDS, default: 60 },
  /** When results of tools are sent: `after-reply` (default), as documented, or `immediate`, which brings the answer about a second sooner. */
  toolTiming: {
    kind: 'text',
    choices: ['after-reply', 'immediate'],
    default: 'after-reply',
    lenient: true,
  },
  /**
   * When the agent gives way to you: `instant` (default), quieter about a tenth of a second after you begin to speak and
   * waiting after half a second; or `server`, when the service has decided, a second or two later.
   */
  bargeIn: { kind: 'text', choices: ['instant', 'server'], default: 'instant', lenient: true },
  /** WebSocket address of the service. Default: the live service, or the `ws_url` that came with the token. `ws:` is for loopback only. */
  serverUrl: { kind: 'text', check: checkServerUrl },
  /** `us` or `eu`: the service in that region, for an agent that is stored there. `server-url` wins. Default: the nearest. */
  region: { kind: 'text', choices: ['us', 'eu'] },
  /** Folder of the files of the strict build, relative to the page. Default: the folder of the script. */
  assetBase: { kind: 'text' },
  /** All other fields of the API's `session` object, as the API spells them: turn detection, keyterms, … The named options win. */
  sessionConfig: object<SessionConfig>(),
  /** Offered to the agent from the next call on, each with the `handler` that answers it. */
  tools: object<readonly VoiceAgentTool[]>(),
} as const satisfies Readonly<Record<string, Option>>;

type Table = typeof CALL_OPTIONS;
export type InputMode = OptionValue<Table['inputMode']>;
export type OptionName = keyof Table;

/** What a call is made with. All optional, checked when the call starts. */
export type VoiceAgentOptions = {
  -readonly [Name in keyof Table]?: OptionValue<Table[Name]> | undefined;
};

/** Options after the check, with their defaults. */
export type CheckedOptions = Omit<VoiceAgentOptions, NameWithDefault> & {
  readonly [Name in NameWithDefault]: OptionValue<Table[Name]>;
};
type NameWithDefault = {
  [Name in OptionName]: Table[Name] extends { readonly default: unknown } ? Name : never;
}[OptionName];

/** `maxDuration` → `max-duration`. */
export function attributeName(property: string): string {
  return property.replace(/[A-Z]/g, '-$&').toLowerCase();
}
