/** Options as a page gives them, checked and put into the form a session starts with. */
import { DEFAULT_ENCODING, isAudioEncoding, type AudioEncoding } from '../audio-encoding.js';
import { VoiceAgentError } from '../errors.js';
import type { SessionConfig } from '../protocol/messages.js';
import type { SessionOptions } from '../session/session.js';
import { DEFAULT_SERVER_URL, type VoiceAgentOptions } from './options.js';

/** Loopback names: the only ones for which browsers take unencrypted pages and sockets as safe. */
const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/;

export interface CallPlan {
  readonly serverUrl: string;
  readonly session: SessionOptions;
  readonly muted: boolean;
  readonly volume: number;
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
      toolTiming: 'after-reply',
    },
    muted: options.muted ?? false,
    volume: checkVolume(options.volume),
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

function checkVolume(value: number | undefined): number {
  if (value === undefined) return 1;
  if (typeof value === 'number' && value >= 0 && value <= 1) return value;
  throw VoiceAgentError.fatal(
    'invalid_option',
    `volume cannot be ${shown(value)}.`,
    'Use a number from 0 to 1.',
  );
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

/** A value as an error may show it: short, and without what a query string could carry. */
function shown(value: unknown): string {
  return JSON.stringify(String(value).replace(/\?.*/s, '?…').slice(0, 80));
}
