/** The page's tools. Most pages have none, so what answers their calls is loaded with the first one. */
import type { FunctionTool } from '../protocol/messages.js';
import { tellAuthor } from './console.js';
import type { ToolCallDetail } from './events.js';
import type * as ToolCalls from './tool-calls.js';

export interface VoiceAgentTool {
  name: string;
  description: string;
  /** JSON Schema of the parameters. */
  parameters?: Record<string, unknown>;
  /**
   * Its result, as JSON, goes to the model; an exception is reported to the model as an error. Without a handler, a
   * listener of `tool-call` must answer with `respondWith`.
   */
  handler?: (args: Readonly<Record<string, unknown>>) => unknown;
  executionMode?: 'interactive' | 'hold';
  /** 1…300. */
  timeoutSeconds?: number;
}

export interface ToolAnswer {
  /** JSON. */
  readonly result: string;
  readonly isError: boolean;
}

let loading: Promise<typeof ToolCalls | undefined> | undefined;

/** `voice-agent.js` has a file next to it for that. @returns undefined if that is missing */
function loadToolCalls(): NonNullable<typeof loading> {
  return (loading ??= import('./tool-calls.js').catch(() => {
    tellAuthor('voice-agent-tools.js is missing');
    return undefined;
  }));
}

/** Offers a call to the page, and to the handler of the tool. Never rejects: every failure becomes a message for the model. */
export async function answerToolCall(
  call: ToolCallDetail,
  tools: readonly VoiceAgentTool[],
  target: EventTarget,
): Promise<ToolAnswer> {
  const calls = await loadToolCalls();
  if (calls) return calls.answerToolCall(call, tools, target);
  return { result: '{"error":"No tool is available."}', isError: true };
}

/** The tools in the session's format. */
export function toolDefinitions(tools: readonly VoiceAgentTool[]): FunctionTool[] {
  if (tools[0]) void loadToolCalls();
  const definitions = tools.map(({ name, description, parameters, executionMode, timeoutSeconds }) => ({
    type: 'function',
    name,
    description,
    parameters: parameters ?? { type: 'object', properties: {} },
    execution_mode: executionMode,
    timeout_seconds: timeoutSeconds,
  }));
  // JSON has no undefined fields.
  return definitions as FunctionTool[];
}
