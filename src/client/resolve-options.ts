/** Validates the page's options and converts them into the form in which a session starts. */
import { VoiceAgentError } from '../errors.js';
import type { SessionConfig } from '../protocol/messages.js';
import type { SessionOptions } from '../session/session-options.js';
import { checkServerUrl, isServiceUrl } from './addresses.js';
import {
  attributeName,
  CALL_OPTIONS,
  serverUrlOf,
  type CheckedOptions,
  type Option,
  type OptionName,
  type VoiceAgentOptions,
} from './options.js';
import { toolDefinitions } from './tool-calls.js';
import { fillVariables } from './variables.js';

export interface CallPlan {
  readonly serverUrl: string;
  readonly session: SessionOptions;
}

/** @throws {VoiceAgentError} `invalid_option`, `api_key_in_page`, `token_missing` */
export function resolveOptions(options: VoiceAgentOptions, kept?: Partial<SessionOptions>): CallPlan {
  const checked = checkOptions(options);
  const { inputEncoding, outputEncoding, toolTiming, bargeIn, maxDuration, idleTimeout } = checked;
  const serverUrl = checkServerUrl(serverUrlOf(checked));
  requireToken(checked, serverUrl);
  return {
    serverUrl,
    session: {
      config: asJson('sessionConfig', sessionConfig(checked)),
      formats: { input: inputEncoding, output: outputEncoding },
      toolTiming,
      bargeIn,
      context: checked.context,
      maxDurationMs: maxDuration * 1_000,
      idleTimeoutMs: idleTimeout * 1_000,
      ...kept,
    },
  };
}

/** @throws {VoiceAgentError} `invalid_option`, `api_key_in_page` */
function checkOptions(options: VoiceAgentOptions): CheckedOptions {
  const given = options as Readonly<Record<string, unknown>>;
  const entries = Object.keys(CALL_OPTIONS).map((name) => [
    name,
    checkOption(name as OptionName, given[name]),
  ]);
  return Object.fromEntries(entries) as CheckedOptions;
}

/**
 * An empty string counts as missing.
 * @returns the value, or the default
 * @throws {VoiceAgentError} `invalid_option`, `api_key_in_page`
 */
export function checkOption(name: OptionName, value: unknown): unknown {
  const option: Option = CALL_OPTIONS[name];
  if (value === undefined || value === null || value === '') return option.default;
  const wanted = wantedInsteadOf(value, option);
  if (wanted) refuse(option.kind === 'object' ? name : attributeName(name), wanted);
  if (option.kind === 'text') option.check?.(value as string);
  return value;
}

function wantedInsteadOf(value: unknown, option: Option): string | false {
  switch (option.kind) {
    case 'number':
      return (
        !(typeof value === 'number' && value >= 0 && value <= option.max) &&
        `a number from 0 to ${option.max}`
      );
    case 'flag':
      return false;
    case 'object':
      return typeOf(value) !== option.type && `of type ${option.type}`;
    case 'text': {
      const choices: readonly unknown[] | undefined = option.choices;
      if (choices) return !choices.includes(value) && `one of ${choices.join(', ')}`;
      // An address may be a URL.
      return typeof value !== 'string' && !option.check && 'of type string';
    }
  }
}

function typeOf(value: unknown): string {
  if (!Array.isArray(value)) return typeof value;
  return value.every((one) => Object(one) === one) ? 'object[]' : 'array';
}

/** @throws {VoiceAgentError} `invalid_option` */
function refuse(name: string, wanted: string, cause?: unknown): never {
  throw VoiceAgentError.fatal('invalid_option/value', { values: { name, wanted }, cause });
}

/**
 * A copy without getters, proxies and functions: frameworks wrap what they watch, and a Worker accepts none of that.
 * @throws {VoiceAgentError} `invalid_option`
 */
export function asJson<Value>(name: string, value: Value): Value {
  try {
    return JSON.parse(JSON.stringify(value, withoutArrayJson)) as Value;
  } catch (cause) {
    refuse(name, 'plain data without cycles', cause);
  }
}

/** Prototype.js 1.6 gives arrays a `toJSON` that returns text. */
function withoutArrayJson(this: Readonly<Record<string, unknown>>, name: string, json: unknown): unknown {
  const value = this[name];
  return Array.isArray(value) ? value : json;
}

function requireToken({ getToken, tokenUrl, token }: CheckedOptions, serverUrl: string): void {
  // The page's own server may identify the visitor in another way. The service never does.
  if (getToken || tokenUrl || token || !isServiceUrl(serverUrl)) return;
  throw VoiceAgentError.fatal('token_missing');
}

function sessionConfig(options: CheckedOptions): SessionConfig {
  const { voice, inputEncoding, outputEncoding, variables, tools = [] } = options;
  const systemPrompt = fillVariables(options.systemPrompt, variables);
  const greeting = fillVariables(options.greeting, variables);
  const { agent_id: givenId, ...rest } = {
    ...options.sessionConfig,
    ...(tools.length > 0 && { tools: asJson('tools', toolDefinitions(tools)) }),
  };
  const named = { ...(systemPrompt && { system_prompt: systemPrompt }), ...(greeting && { greeting }) };
  const agentId = options.agentId ?? givenId;
  if (agentId) {
    const names = Object.keys({ ...named, ...(voice && { voice }), ...rest }).join(', ');
    if (names) throw VoiceAgentError.fatal('invalid_option/agent-id', { values: { names } });
    return { agent_id: agentId };
  }
  return {
    ...rest,
    ...named,
    input: { ...rest.input, format: { encoding: inputEncoding } },
    output: { ...rest.output, ...(voice && { voice }), format: { encoding: outputEncoding } },
  };
}

/** Dots separate nested fields. */
const FIXED = ['agent_id', 'greeting', 'output.voice', 'output.format', 'input.format'];

/**
 * Checks that a change is allowed during a call: the server refuses these fields, and half a change is worse than
 * none. The microphone's packets are already encoded.
 * @throws {VoiceAgentError} `immutable_field`, not fatal
 */
export function checkUpdate(config: SessionConfig): void {
  const fixed = FIXED.filter((path) => {
    const inner = (value: unknown, field: string): unknown => (value as SessionConfig | undefined)?.[field];
    return path.split('.').reduce(inner, config) !== undefined;
  });
  if (fixed.length === 0) return;
  throw VoiceAgentError.notice('immutable_field', { values: { fields: fixed.join(', ') } });
}
