/**
 * The options of a call, one row each. Types, properties, attributes, defaults, checks and the manifest are derived from
 * this table. A new option is a row here and the code that uses it.
 */
import { AUDIO_ENCODINGS, DEFAULT_ENCODING, type AudioEncoding } from '../audio-encoding.js';
import type { SessionConfig } from '../protocol/messages.js';
import { checkServerUrl, checkTokenUrl, refuseApiKey } from './addresses.js';
import type { VoiceAgentTool } from './tool-calls.js';
import type { Variables } from './variables.js';

/** Where a call connects unless the token endpoint says otherwise. Without a region, the host is in the nearest one. */
export function serverUrlOf({ serverUrl, region }: VoiceAgentOptions): string {
  return serverUrl || `wss://agents${region ? `.${region}` : ''}.assemblyai.com/v1/ws`;
}

/** The longest timer that browsers support: 24 days. */
const MAX_SECONDS = 2_147_483;

interface OptionFacts<Value> {
  /** What a call uses if the page sets nothing. */
  readonly default?: Value;
  /** The element's property has the default as its initial value. */
  readonly initial?: true;
  /** Takes effect immediately, even during a call. `start()` reads all others. */
  readonly live?: true;
  /** If it throws, `start()` fails. */
  readonly check?: (value: Value) => unknown;
}

/** A string. */
export interface TextOption extends OptionFacts<string> {
  readonly kind: 'text';
  /** Other values are refused. */
  readonly choices?: readonly string[];
  /** As in HTML, other values of an attribute fall back to the default. A wrong encoding or limit would cost audio or money. */
  readonly lenient?: true;
}
/** A number; its unit is in the comment of the option. */
export interface NumberOption extends OptionFacts<number> {
  readonly kind: 'number';
  /** The minimum is 0. */
  readonly max: number;
}
/** A boolean attribute: off by default. */
export interface FlagOption extends OptionFacts<boolean> {
  readonly kind: 'flag';
}
/** A value that is not a string, so it has no attribute. */
export interface ObjectOption<Value> {
  readonly kind: 'object';
  /** Other values are refused; as of `typeof`, or a list of objects. */
  readonly type: 'object' | 'object[]' | 'function';
  readonly default?: undefined;
  readonly value?: Value;
}
/** A row of a table of options. */
export type Option = TextOption | NumberOption | FlagOption | ObjectOption<unknown>;

/** The type of an option's value. */
export type OptionValue<O> = O extends { readonly kind: 'flag' }
  ? boolean
  : O extends { readonly kind: 'number' }
    ? number
    : O extends { readonly choices: readonly (infer Choice)[] }
      ? Choice
      : O extends ObjectOption<infer Value>
        ? Value
        : string;

function object<Value>(type: ObjectOption<Value>['type'] = 'object'): ObjectOption<Value> {
  return { kind: 'object', type };
}

const ENCODINGS = Object.keys(AUDIO_ENCODINGS) as AudioEncoding[];

/** The options of a call, by property. `attributeName()` gives the attribute of each, except for `object` options. */
export const CALL_OPTIONS = {
  /** URL that returns `{token, ws_url?}`. Fetched again for every connection. */
  tokenUrl: { kind: 'text', check: checkTokenUrl },
  /** `get` (default), with a unique query to bypass caches; or `post`, if an intermediary ignores the query. */
  tokenMethod: { kind: 'text', choices: ['get', 'post'], default: 'get' },
  /** A temporary token, good for one connection. Never an API key. */
  token: { kind: 'text', check: refuseApiKey },
  /** Function that returns a temporary token. Called again for every connection. Overrides `tokenUrl` and `token`. */
  getToken: object<() => Promise<string>>('function'),
  /** Id of an agent stored with the service. Cannot be combined with `system-prompt`, `greeting`, `voice`, `tools` or `sessionConfig`. */
  agentId: { kind: 'text' },
  /** The agent's role and behaviour. `{{name}}` is the value of `data-name`, or of `variables`. */
  systemPrompt: { kind: 'text' },
  /** Spoken word for word at the start, with variables as in `system-prompt`. Without it, the agent listens first. */
  greeting: { kind: 'text' },
  /** Values for `{{name}}` in `system-prompt` and `greeting`, by name. They override the tag's `data-*` attributes. */
  variables: object<Variables>(),
  /** What the visitor is looking at; the agent is told about it. Can change during a call. */
  context: { kind: 'text', live: true },
  /** Exact id of one of the service's voices. */
  voice: { kind: 'text' },
  /** `voice` (default), or `text`: typed messages only, without requesting or opening the microphone. Replies are still spoken. */
  inputMode: {
    kind: 'text',
    choices: ['voice', 'text'],
    default: 'voice',
    initial: true,
    lenient: true,
  },
  /** Encoding of the microphone's audio: `audio/pcm` (default), `audio/pcmu` or `audio/pcma`. */
  inputEncoding: { kind: 'text', choices: ENCODINGS, default: DEFAULT_ENCODING },
  /** Encoding of the agent's voice: `audio/pcm` (default), `audio/pcmu` or `audio/pcma`. */
  outputEncoding: { kind: 'text', choices: ENCODINGS, default: DEFAULT_ENCODING },
  /** Mutes the microphone. Silence is sent instead, because turn detection needs it. Can change during a call. */
  muted: { kind: 'flag', live: true },
  /** Volume of the agent, linear, 0…1. Default 1. Can change during a call. */
  volume: { kind: 'number', max: 1, default: 1, initial: true, live: true },
  /** `deviceId` of the microphone. Default: the system's, which is also used while that device is not connected. Can change during a call. */
  microphoneId: { kind: 'text', live: true },
  /** `deviceId` of the speaker, in browsers that support it. Default: the system's. Can change during a call. */
  speakerId: { kind: 'text', live: true },
  /** Closes the microphone while muted, so the browser's recording indicator turns off. Unmuting then takes as long as opening the device. */
  releaseMicrophone: { kind: 'flag', live: true },
  /** Maximum length of a call in seconds, with a warning 30 s before the end. 0 for no limit. Default 900. */
  maxDuration: { kind: 'number', max: MAX_SECONDS, default: 900 },
  /** Ends the call after this many seconds without speech from either side. 0 for no limit. Default 60. */
  idleTimeout: { kind: 'number', max: MAX_SECONDS, default: 60 },
  /** When tool results are sent: `after-reply` (default), as the API documents, or `immediate`, which speeds up the answer by about a second. */
  toolTiming: {
    kind: 'text',
    choices: ['after-reply', 'immediate'],
    default: 'after-reply',
    lenient: true,
  },
  /**
   * How the agent reacts when you speak over it. `instant` (default): it gets quieter after about 250 ms and pauses after
   * 500 ms. `server`: it stops when the service decides, one or two seconds later.
   */
  bargeIn: { kind: 'text', choices: ['instant', 'server'], default: 'instant', lenient: true },
  /** WebSocket URL of the service. Default: the `ws_url` that came with the token, or the live service. `ws:` is allowed for loopback only. */
  serverUrl: { kind: 'text', check: checkServerUrl },
  /** `us` or `eu`: the region of the service, for an agent that is stored there. `server-url` overrides it. Default: the nearest. */
  region: { kind: 'text', choices: ['us', 'eu'] },
  /** Folder of the strict build's files, relative to the page. Default: the folder of the script. */
  assetBase: { kind: 'text' },
  /** Any other fields of the API's `session` object, in the API's spelling: turn detection, keyterms, … Named options override them. */
  sessionConfig: object<SessionConfig>(),
  /** Tools of the page, each with the `handler` that answers it. Changes apply to the next call. */
  tools: object<readonly VoiceAgentTool[]>('object[]'),
} as const satisfies Readonly<Record<string, Option>>;

/** What takes effect at once, and its value where the page says nothing. */
export const LIVE_OPTIONS = Object.fromEntries(
  Object.entries<Option>(CALL_OPTIONS).flatMap(([name, option]) =>
    'live' in option ? [[name, option.default ?? (option.kind === 'flag' ? false : '')]] : [],
  ),
);

type Table = typeof CALL_OPTIONS;
/** How the visitor takes part: by voice and by typing, or by typing only. */
export type InputMode = OptionValue<Table['inputMode']>;
/** The property of an option. */
export type OptionName = keyof Table;

/** The options of a call. All are optional and checked when the call starts. */
export type VoiceAgentOptions = {
  -readonly [Name in keyof Table]?: OptionValue<Table[Name]> | undefined;
};

/** Validated options, with defaults. */
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
