/** Tools that the page offers to the agent, and how a call of one is answered. */
import type { FunctionTool } from '../protocol/messages.js';
import { checkArguments } from './check-arguments.js';
import type { ToolCallDetail } from './events.js';

export interface VoiceAgentTool {
  name: string;
  description: string;
  /** JSON Schema of the arguments. */
  parameters?: Record<string, unknown>;
  /**
   * Its result, made JSON, is what the model gets; what it throws is told to the model as an error. Without one, a
   * listener of `tool-call` has to answer by `respondWith`.
   */
  handler?: (args: Readonly<Record<string, unknown>>) => unknown;
  executionMode?: 'interactive' | 'hold';
  /** 1…300. */
  timeoutSeconds?: number;
}

/** A `tool-call` event, answered in the way of FetchEvent: `event.respondWith(promise)`. */
export class ToolCallEvent extends CustomEvent<ToolCallDetail> {
  #answer: Promise<unknown> | undefined;
  #closed = false;

  constructor(detail: ToolCallDetail) {
    super('tool-call', { detail, bubbles: true, composed: true, cancelable: true });
  }

  /**
   * Takes the call over; the result, made JSON, goes to the model, a rejection as an error.
   * @throws {TypeError} when the call was taken already, or the event is over: an answer that takes time is a promise.
   */
  respondWith(answer: unknown): void {
    if (this.#answer) throw new TypeError('This tool call was answered already.');
    if (this.#closed) throw new TypeError('Call respondWith() at once, with a promise.');
    this.#answer = Promise.resolve(answer);
    // A rejection is told to the model; until then it must not count as unhandled.
    this.#answer.catch(() => undefined);
    this.preventDefault();
    this.stopPropagation();
  }

  /** @internal The event was dispatched. @returns the answer that was given, if any. */
  close(): Promise<unknown> | undefined {
    this.#closed = true;
    return this.#answer;
  }
}

export interface ToolAnswer {
  /** JSON. */
  readonly result: string;
  readonly isError: boolean;
}

const DEFAULT_TIMEOUT_SECONDS = 30;

/**
 * Runs a call to its end. Never rejects: whatever goes wrong becomes words that the model can use.
 * @param offer tells the page of the call, once its arguments are found to be good; gives the page's own answer, if any.
 */
export async function runToolCall(
  call: ToolCallDetail,
  tools: readonly VoiceAgentTool[],
  offer: () => Promise<unknown> | undefined,
): Promise<ToolAnswer> {
  const tool = tools.find((candidate) => candidate.name === call.name);
  try {
    const problem = checkArguments(tool?.parameters, call.arguments);
    if (problem !== undefined) return failure(`${problem} Correct it and call ${call.name} again.`);
    const answer = offer();
    if (!answer && !tool?.handler) return failure(`There is no tool named ${call.name} here.`);
    const result = answer ?? Promise.resolve().then(() => tool?.handler?.(call.arguments));
    const value = await withTimeout(result, tool?.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS);
    return { result: jsonOf(value), isError: false };
  } catch (error) {
    // The page's author looks for it in the console.
    if (typeof reportError === 'function') reportError(error);
    return failure(error instanceof Error ? error.message : String(error));
  }
}

/** The tools in the form that the session takes. */
export function toolDefinitions(tools: readonly VoiceAgentTool[]): FunctionTool[] {
  return tools.map((tool) => ({
    type: 'function',
    name: tool.name,
    description: tool.description,
    parameters: tool.parameters ?? { type: 'object', properties: {} },
    ...(tool.executionMode ? { execution_mode: tool.executionMode } : {}),
    ...(tool.timeoutSeconds === undefined ? {} : { timeout_seconds: tool.timeoutSeconds }),
  }));
}

/** A function has no JSON at all, and nothing is null. */
function jsonOf(value: unknown): string {
  const text: unknown = JSON.stringify(value);
  return typeof text === 'string' ? text : 'null';
}

function failure(message: string): ToolAnswer {
  return { result: JSON.stringify({ error: message }), isError: true };
}

async function withTimeout(work: Promise<unknown>, seconds: number): Promise<unknown> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`The tool gave no answer within ${seconds} seconds.`)),
      seconds * 1_000,
    );
  });
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
