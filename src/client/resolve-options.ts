/** Options as a page gives them, checked and put into the form a session starts with. */
import { DEFAULT_ENCODING, isAudioEncoding, type AudioEncoding } from '../audio-encoding.js';
import { VoiceAgentError } from '../errors.js';
import type { SessionConfig } from '../protocol/messages.js';
import type { SessionOptions } from '../session/session.js';
import type { ToolTiming } from '../session/tool-results.js';
import { DEFAULT_SERVER_URL, type VoiceAgentOptions } from './options.js';

/** Loopback names: the only ones for which browsers take unencrypted pages and sockets as safe. */
const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/;

const DEFAULT_MAX_DURATION_SECONDS = 15 * 60;
const DEFAULT_IDLE_TIMEOUT_SECONDS = 60;
/** What a timer of a browser can count: 24 days. */
const MAX_SECONDS = 2_147_483;

export interface CallPlan {
  readonly serverUrl: string;
  readonly session: SessionOptions;
  readonly muted: boolean;
  readonly volume: number;
  readonly assetBase: string | undefined;
}

/** @throws {VoiceAgentError} `invalid_option`, `api_key_in_page`, `token_missing` */
export function resolveOptions(options: VoiceAgentOptions): CallPlan {
  const serverUrl = checkServerUrl(options.serverUrl ?? DEFAULT_SERVER_URL);
  checkCredentials(options, serverUrl);
  const inputEncoding = checkEncoding('input-encoding', options.inputEncoding);
  const outputEncoding = checkEncoding('output-encoding', options.outputEncoding);
  return {
    serverUrl,
    session: {
      config: sessionConfig(options, inputEncoding, outputEncoding),
      inputEncoding,
      outputEncoding,
      toolTiming: checkToolTiming(options.toolTiming),
      maxDurationMs: checkSeconds('max-duration', options.maxDuration, DEFAULT_MAX_DURATION_SECONDS),
      idleTimeoutMs: checkSeconds('idle-timeout', options.idleTimeout, DEFAULT_IDLE_TIMEOUT_SECONDS),
    },
    muted: options.muted ?? false,
    volume: checkVolume(options.volume),
    assetBase: checkAssetBase(options.assetBase),
  };
}

export function checkServerUrl(value: string): string {
  const url = parseUrl('server-url', value);
  const loopback = LOOPBACK.test(url.hostname);
  if (url.protocol === 'wss:' || (url.protocol === 'ws:' && loopback)) return url.href;
  throw VoiceAgentError.fatal(
    'invalid_option',
    `server-url cannot be used: ${shown(value)}.`,
    url.protocol === 'ws:' ? 'Use wss:; ws: is for loopback addresses only.' : 'It has to begin with wss:.',
  );
}

/** The token endpoint, resolved against the page. */
export function checkTokenUrl(value: string): URL {
  const url = parseUrl('token-url', value);
  const safe = url.protocol === 'https:' || url.origin === location.origin;
  if (safe || (url.protocol === 'http:' && LOOPBACK.test(url.hostname))) return url;
  throw VoiceAgentError.fatal(
    'invalid_option',
    `token-url cannot be used: ${shown(value)}.`,
    'A token may only travel over https:, or from the page’s own server.',
  );
}

/**
 * A temporary token is a long signed text. A key of the account is short, and everybody who opens the page could read it
 * and spend its money.
 */
export function refuseApiKey(token: string): void {
  if (!/^[0-9a-f]{32}$/i.test(token) && !/^(sk|key|api)[-_]/i.test(token)) return;
  throw VoiceAgentError.fatal(
    'api_key_in_page',
    'This looks like an API key, and a page shows its keys to everybody.',
    'Keep the key on your server, mint temporary tokens there, and give their address as token-url.',
  );
}

function checkCredentials(options: VoiceAgentOptions, serverUrl: string): void {
  if (options.getToken) return;
  if (options.tokenUrl !== undefined && options.tokenUrl !== '') {
    checkTokenUrl(options.tokenUrl);
    return;
  }
  if (options.token !== undefined && options.token !== '') {
    refuseApiKey(options.token);
    return;
  }
  // A server of the page's own may know the visitor by other means; the service itself never does.
  if (serverUrl !== new URL(DEFAULT_SERVER_URL).href) return;
  throw VoiceAgentError.fatal(
    'token_missing',
    'The voice agent has no way to get a token.',
    'Set token-url to the address of a token endpoint on your server.',
  );
}

function sessionConfig(
  options: VoiceAgentOptions,
  input: AudioEncoding,
  output: AudioEncoding,
): SessionConfig {
  const { agentId, systemPrompt, greeting, voice, sessionConfig: rest = {} } = options;
  if (agentId !== undefined && agentId !== '') {
    const others = Object.keys(rest).filter((name) => name !== 'agent_id');
    if (systemPrompt) others.push('system-prompt');
    if (greeting) others.push('greeting');
    if (voice) others.push('voice');
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

function checkEncoding(name: string, value: unknown): AudioEncoding {
  if (value === undefined || value === '') return DEFAULT_ENCODING;
  if (isAudioEncoding(value)) return value;
  throw VoiceAgentError.fatal(
    'invalid_option',
    `${name} cannot be ${shown(value)}.`,
    'Use audio/pcm, audio/pcmu or audio/pcma.',
  );
}

function checkToolTiming(value: unknown): ToolTiming {
  if (value === undefined || value === '') return 'after-reply';
  if (value === 'after-reply' || value === 'immediate') return value;
  throw VoiceAgentError.fatal(
    'invalid_option',
    `tool-timing cannot be ${shown(value)}.`,
    'Use after-reply or immediate.',
  );
}

/** @returns milliseconds; 0 for no limit. */
function checkSeconds(name: string, value: number | undefined, fallback: number): number {
  const seconds = value ?? fallback;
  if (typeof seconds === 'number' && seconds >= 0 && seconds <= MAX_SECONDS) return seconds * 1_000;
  throw VoiceAgentError.fatal(
    'invalid_option',
    `${name} cannot be ${shown(value)}.`,
    'Use a number of seconds; 0 for no limit.',
  );
}

function checkVolume(value: number | undefined): number {
  if (value === undefined) return 1;
  if (typeof value === 'number' && value >= 0 && value <= 1) return value;
  throw VoiceAgentError.fatal(
    'invalid_option',
    `volume cannot be ${shown(value)}.`,
    'Use a number from 0 to 1.',
  );
}

function checkAssetBase(value: string | undefined): string | undefined {
  if (value) parseUrl('asset-base', value);
  return value || undefined;
}

function parseUrl(name: string, value: string): URL {
  try {
    return new URL(value, location.href);
  } catch (error) {
    throw VoiceAgentError.fatal(
      'invalid_option',
      `${name} is no address: ${shown(value)}.`,
      'Correct it.',
      error,
    );
  }
}

/** A value as an error may show it: short, and without what a query string or a user's name could carry. */
function shown(value: unknown): string {
  const text = String(value)
    .replace(/\?.*/s, '?…')
    .replace(/\/\/[^/]*@/, '//…@');
  return JSON.stringify(text.slice(0, 80));
}

/** Fixed once a session is up: the server refuses them, and half a change is worse than none. */
const IMMUTABLE_OUTPUT = ['voice', 'format'];

/**
 * Whether a change may be made in mid-call.
 * @throws {VoiceAgentError} `immutable_field`, not fatal
 */
export function checkUpdate(config: SessionConfig): void {
  const fixed = ['agent_id', 'greeting'].filter((name) => name in config);
  fixed.push(
    ...IMMUTABLE_OUTPUT.filter((name) => name in (config.output ?? {})).map((name) => `output.${name}`),
  );
  // The microphone's packets are encoded already.
  if (config.input && 'format' in config.input) fixed.push('input.format');
  if (fixed.length === 0) return;
  throw VoiceAgentError.notice(
    'immutable_field',
    `${fixed.join(', ')} cannot be changed during a call.`,
    'Stop the call, change it, and start again.',
  );
}
