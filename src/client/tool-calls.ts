/** The page's tools, and how their calls are answered. */
import type { FunctionTool } from '../protocol/messages.js';
import { checkArguments } from './check-arguments.js';
import type { ToolCallDetail } from './events.js';

/** A function of the page that the agent can call. */
export interface VoiceAgentTool {
  /** Unique among the tools of a call. */
  name: string;
  /** Tells the model what the tool does and when to call it. */
  description: string;
  /** JSON Schema of the arguments, an object; arguments are checked against it. Default: no parameters. */
  parameters?: Record<string, unknown>;
  /**
   * Its result, as JSON, goes to the model; an exception is reported to the model as an error. Without a handler, a
   * listener of `tool-call` must answer with `respondWith`.
   */
  handler?: (args: Readonly<Record<string, unknown>>) => unknown;
  /** Whether the conversation continues while the tool runs, as the API's `execution_mode`. */
  executionMode?: 'interactive' | 'hold';
  /** After this long without an answer, the model gets an error. Seconds, 1…300. Default 30. */
  timeoutSeconds?: number;
}

/** A `tool-call` event, answered like a FetchEvent: `event.respondWith(promise)`. */
export class ToolCallEvent extends CustomEvent<ToolCallDetail> {
  #answer: Promise<unknown> | undefined;
  #closed = false;

  constructor(detail: ToolCallDetail) {
    super('tool-call', { detail, bubbles: true, composed: true, cancelable: true });
  }

  /**
   * Answers the call. The result, as JSON, goes to the model; a rejection does so as an error.
   * @throws {TypeError} if the call was answered already, or the event is over: pass a promise if the answer takes
   * time
   */
  respondWith(answer: unknown): void {
    if (this.#answer) throw new TypeError('This tool call was answered already.');
    if (this.#closed) throw new TypeError('Call respondWith() at once, with a promise.');
    this.#answer = Promise.resolve(answer);
    this.preventDefault();
    this.stopPropagation();
  }

  /** @internal Called after the event was dispatched. @returns the answer, if any */
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
 * Runs a call to its end. Never rejects: every failure becomes a message for the model.
 * @param offer dispatches the call to the page after its arguments were validated; returns the page's own answer, if
 * any
 */
export async function runToolCall(
  call: ToolCallDetail,
  tools: readonly VoiceAgentTool[],
  offer: () => Promise<unknown> | undefined,
): Promise<ToolAnswer> {
  try {
    const tool = tools.find((candidate) => candidate.name === call.name);
    const problem = checkArguments(tool?.parameters, call.arguments);
    if (problem !== undefined) return failure(`${problem} Correct it and call ${call.name} again.`);
    const answer = offer();
    if (!answer && !tool?.handler) return failure(`There is no tool named ${call.name} here.`);
    const result = answer ?? Promise.resolve().then(() => tool?.handler?.(call.arguments));
    const value = await withTimeout(result, tool?.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS);
    // A function has no JSON, and undefined becomes null.
    const json: unknown = JSON.stringify(value);
    return { result: typeof json === 'string' ? json : 'null', isError: false };
  } catch (error) {
    // The author of the page looks for it in the console.
    (globalThis as Partial<typeof globalThis>).reportError?.(error);
    // Many libraries reject with a plain object. Without a message it is shown as JSON: not every object has a text.
    const { message = JSON.stringify(error) } = Object(error) as { readonly message?: unknown };
    return failure(String(message));
  }
}

/** The tools in the session's format. */
export function toolDefinitions(tools: readonly VoiceAgentTool[]): FunctionTool[] {
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

function failure(message: string): ToolAnswer {
  return { result: JSON.stringify({ error: message }), isError: true };
}

function withTimeout(work: Promise<unknown>, seconds: number): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`The tool gave no answer within ${seconds} seconds.`)),
      seconds * 1_000,
    );
    // Not `finally`, which old polyfills of promises lack.
    void work.then(resolve, reject).then(() => clearTimeout(timer));
  });
}
