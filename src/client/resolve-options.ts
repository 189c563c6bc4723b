/** Options as a page gives them, checked and put into the form a session starts with. */
import { AUDIO_ENCODINGS, type AudioEncoding } from '../audio-encoding.js';
import { VoiceAgentError } from '../errors.js';
import type { SessionConfig } from '../protocol/messages.js';
import type { SessionOptions } from '../session/session.js';
import { DEFAULT_SERVER_URL, type VoiceAgentOptions } from './options.js';

/** Loopback names: the only ones for which browsers take unencrypted pages and sockets as safe. */
const LOOPBACK = /^((.+\.)?localhost|127(\.\d+){3}|\[::1\])$/;

const ENCODINGS = Object.keys(AUDIO_ENCODINGS) as [AudioEncoding, ...AudioEncoding[]];
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
  const { href, searchParams } = checkUrl('server-url', value, 'ws');
  searchParams.forEach(refuseApiKey);
  return href;
}

/** The token endpoint, resolved against the page. */
export function checkTokenUrl(value: string): URL {
  return checkUrl('token-url', value, 'http');
}

/** Encrypted, on this computer, or a token from the page's own server: nobody in between can read along. */
function checkUrl(name: 'server-url' | 'token-url', value: string, scheme: 'ws' | 'http'): URL {
  try {
    const url = new URL(value, location.href);
    const isOwn = scheme === 'http' && url.origin === location.origin;
    // An address without a scheme has that of the page.
    if (scheme === 'ws') url.protocol = url.protocol.replace('http', 'ws');
    const isLocal = url.protocol === `${scheme}:` && LOOPBACK.test(url.hostname);
    if (isLocal || isOwn || url.protocol === `${scheme}s:`) return url;
  } catch {
    // No address at all.
  }
  throw VoiceAgentError.fatal(`invalid_option/${name}`);
}

/**
 * A temporary token is a long signed text. A key of the account is short, and everybody who opens the page could read it
 * and spend its money.
 */
export function refuseApiKey(token: string): void {
  if (!/^\s*(bearer\s+)?([0-9a-f]{32}\s*$|(sk|key|api)[-_])/i.test(token)) return;
  throw VoiceAgentError.fatal('api_key_in_page');
}

function checkCredentials({ getToken, tokenUrl, token }: VoiceAgentOptions, serverUrl: string): void {
  // Whether it is used or not: it stands in the page.
  if (token) refuseApiKey(token);
  if (getToken) return;
  if (tokenUrl) checkTokenUrl(tokenUrl);
  // A server of the page's own may know the visitor by other means; the service itself never does.
  else if (!token && serverUrl === DEFAULT_SERVER_URL) {
    throw VoiceAgentError.fatal('token_missing');
  }
}

function sessionConfig(
  { agentId, systemPrompt, greeting, voice, sessionConfig: rest = {} }: VoiceAgentOptions,
  input: AudioEncoding,
  output: AudioEncoding,
): SessionConfig {
  const named = { ...(systemPrompt && { system_prompt: systemPrompt }), ...(greeting && { greeting }) };
  if (agentId) {
    const others = Object.keys({ ...named, ...(voice && { voice }), ...rest }).filter(
      (name) => name !== 'agent_id',
    );
    if (others.length === 0) return { agent_id: agentId };
    throw VoiceAgentError.fatal('invalid_option/agent-id', { values: { names: others.join(', ') } });
  }
  return {
    ...rest,
    ...named,
    input: { ...rest.input, format: { encoding: input } },
    output: { ...rest.output, ...(voice && { voice }), format: { encoding: output } },
  };
}

/** @returns milliseconds; 0 for no limit. */
function seconds(name: string, value: number | undefined, fallback: number): number {
  return upTo(MAX_SECONDS, name, value, fallback) * 1_000;
}

function oneOf<T extends string>(name: string, value: T | undefined, choices: readonly [T, ...T[]]): T {
  if (!value) return choices[0];
  if (choices.includes(value)) return value;
  throw VoiceAgentError.fatal('invalid_option/choice', { values: { name, choices: choices.join(', ') } });
}

/** @returns the number, 0…`max`. */
function upTo(max: number, name: string, value: number | undefined, fallback: number): number {
  const number = value ?? fallback;
  if (typeof number === 'number' && number >= 0 && number <= max) return number;
  throw VoiceAgentError.fatal('invalid_option/number', { values: { name, max } });
}

/** Dots lead inwards. */
const FIXED = ['agent_id', 'greeting', 'output.voice', 'output.format', 'input.format'];

/**
 * Whether a change may be made in mid-call: the server refuses these, and half a change is worse than none. The
 * microphone's packets are encoded already.
 * @throws {VoiceAgentError} `immutable_field`, not fatal
 */
export function checkUpdate(config: SessionConfig): void {
  const fixed = FIXED.filter((path) => {
    const [field = '', inner] = path.split('.');
    const value: unknown = config[field];
    return (inner ? (value as SessionConfig | undefined)?.[inner] : value) !== undefined;
  });
  if (fixed.length === 0) return;
  throw VoiceAgentError.notice('immutable_field', { values: { fields: fixed.join(', ') } });
}
