/** Options as a page gives them, checked and put into the form a session starts with. */
import type { AudioEncoding } from '../audio-encoding.js';
import { VoiceAgentError } from '../errors.js';
import type { SessionConfig } from '../protocol/messages.js';
import type { SessionOptions } from '../session/session.js';
import { DEFAULT_SERVER_URL, type VoiceAgentOptions } from './options.js';

/** Loopback names: the only ones for which browsers take unencrypted pages and sockets as safe. */
const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/;

const ENCODINGS: readonly [AudioEncoding, ...AudioEncoding[]] = ['audio/pcm', 'audio/pcmu', 'audio/pcma'];
const DEFAULT_MAX_DURATION_SECONDS = 15 * 60;
const DEFAULT_IDLE_TIMEOUT_SECONDS = 60;
/** What a timer of a browser can count: 24 days. */
const MAX_SECONDS = 2_147_483;

export interface CallPlan {
  readonly serverUrl: string;
  readonly session: SessionOptions;
}

/** @throws {VoiceAgentError} `invalid_option`, `api_key_in_page`, `token_missing` */
export function resolveOptions(options: VoiceAgentOptions): CallPlan {
  const serverUrl = checkServerUrl(options.serverUrl ?? DEFAULT_SERVER_URL);
  checkCredentials(options, serverUrl);
  if (options.assetBase) parseUrl('asset-base', options.assetBase);
  upTo(1, 'volume', options.volume, 1);
  oneOf('input-mode', options.inputMode, ['voice', 'text']);
  const inputEncoding = oneOf('input-encoding', options.inputEncoding, ENCODINGS);
  const outputEncoding = oneOf('output-encoding', options.outputEncoding, ENCODINGS);
  return {
    serverUrl,
    session: {
      config: sessionConfig(options, inputEncoding, outputEncoding),
      inputEncoding,
      outputEncoding,
      toolTiming: oneOf('tool-timing', options.toolTiming, ['after-reply', 'immediate']),
      maxDurationMs: seconds('max-duration', options.maxDuration, DEFAULT_MAX_DURATION_SECONDS),
      idleTimeoutMs: seconds('idle-timeout', options.idleTimeout, DEFAULT_IDLE_TIMEOUT_SECONDS),
    },
  };
}

export function checkServerUrl(value: string): string {
  const url = parseUrl('server-url', value);
  if (url.protocol === 'wss:' || (url.protocol === 'ws:' && LOOPBACK.test(url.hostname))) return url.href;
  return refuse('server-url', value, 'Use wss:; ws: is for loopback addresses only.');
}

/** The token endpoint, resolved against the page. */
export function checkTokenUrl(value: string): URL {
  const url = parseUrl('token-url', value);
  const safe = url.protocol === 'https:' || url.origin === location.origin;
  if (safe || (url.protocol === 'http:' && LOOPBACK.test(url.hostname))) return url;
  return refuse('token-url', value, 'A token may only travel over https:, or from the page’s own server.');
}

/**
 * A temporary token is a long signed text. A key of the account is short, and everybody who opens the page could read it
 * and spend its money.
 */
export function refuseApiKey(token: string): void {
  if (!/^[0-9a-f]{32}$/i.test(token) && !/^(sk|key|api)[-_]/i.test(token)) return;
  throw VoiceAgentError.fatal(
    'api_key_in_page',
    'This looks like an API key, which a page shows to everybody.',
    'Keep the key on your server, mint temporary tokens there, and set token-url to their address.',
  );
}

function checkCredentials({ getToken, tokenUrl, token }: VoiceAgentOptions, serverUrl: string): void {
  if (getToken) return;
  if (tokenUrl) checkTokenUrl(tokenUrl);
  else if (token) refuseApiKey(token);
  // A server of the page's own may know the visitor by other means; the service itself never does.
  else if (serverUrl === DEFAULT_SERVER_URL) {
    throw VoiceAgentError.fatal(
      'token_missing',
      'The voice agent has no way to get a token.',
      'Set token-url to the address of a token endpoint.',
    );
  }
}

function sessionConfig(
  options: VoiceAgentOptions,
  input: AudioEncoding,
  output: AudioEncoding,
): SessionConfig {
  const { agentId, systemPrompt, greeting, voice, sessionConfig: rest = {} } = options;
  if (agentId) {
    const described = { 'system-prompt': systemPrompt, greeting, voice, ...rest, agent_id: undefined };
    const others = Object.entries(described).flatMap(([name, value]) => (value ? name : []));
    if (others.length === 0) return { agent_id: agentId };
    throw VoiceAgentError.fatal(
      'invalid_option',
      `agent-id names a stored agent, which brings its own ${others.join(', ')}.`,
      'Remove agent-id, or everything that describes another agent.',
    );
  }
  return {
    ...rest,
    ...(systemPrompt ? { system_prompt: systemPrompt } : {}),
    ...(greeting ? { greeting } : {}),
    input: { ...rest.input, format: { encoding: input } },
    output: { ...rest.output, ...(voice ? { voice } : {}), format: { encoding: output } },
  };
}

/** @returns milliseconds; 0 for no limit. */
function seconds(name: string, value: number | undefined, fallback: number): number {
  return upTo(MAX_SECONDS, name, value, fallback) * 1_000;
}

function oneOf<T extends string>(name: string, value: T | undefined, choices: readonly [T, ...T[]]): T {
  if (!value) return choices[0];
  if (choices.includes(value)) return value;
  return refuse(name, value, `Use ${choices.join(', ')}.`);
}

/** @returns the number, 0…`max`. */
function upTo(max: number, name: string, value: number | undefined, fallback: number): number {
  const number = value ?? fallback;
  if (typeof number === 'number' && number >= 0 && number <= max) return number;
  return refuse(name, value, `Use a number from 0 to ${max}.`);
}

function parseUrl(name: string, value: string): URL {
  try {
    return new URL(value, location.href);
  } catch {
    return refuse(name, value, 'It is no address.');
  }
}

function refuse(name: string, value: unknown, hint: string): never {
  throw VoiceAgentError.fatal('invalid_option', `${name} cannot be ${shown(value)}.`, hint);
}

/** A value as an error may show it: short, and without what a query string or a user's name could carry. */
function shown(value: unknown): string {
  const text = String(value)
    .replace(/\?.*/s, '?…')
    .replace(/\/\/[^/]*@/, '//…@');
  return JSON.stringify(text.slice(0, 80));
}

/**
 * Whether a change may be made in mid-call: the server refuses these, and half a change is worse than none.
 * @throws {VoiceAgentError} `immutable_field`, not fatal
 */
export function checkUpdate({ input, output, ...config }: SessionConfig): void {
  const given = {
    ...config,
    // The microphone's packets are encoded already.
    ...prefixed('input.', input),
    ...prefixed('output.', output),
  };
  const fixed = ['agent_id', 'greeting', 'output.voice', 'output.format', 'input.format'].filter(
    (name) => name in given,
  );
  if (fixed.length === 0) return;
  throw VoiceAgentError.notice(
    'immutable_field',
    `${fixed.join(', ')} cannot be changed during a call.`,
    'Stop the call, change it, start again.',
  );
}

function prefixed(prefix: string, fields: object = {}): object {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [prefix + name, value]));
}
