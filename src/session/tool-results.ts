/**
 * Answers to `tool.call` and when to send them. The service documents that a result is to be sent when `reply.done` is
 * the latest thing received; sent at once it was seen to be accepted and to save about a second.
 */
import type { ClientMessage, FunctionTool } from '../protocol/messages.js';

export type ToolTiming = 'after-reply' | 'immediate';

/** A server that asks for more at once is broken or hostile. */
const MAX_CALLS = 128;

export class ToolResults {
  readonly #send: (message: ClientMessage) => void;
  readonly #calls = new Set<string>();
  #waiting: ClientMessage[] = [];
  #httpTools = new Set<string>();
  timing: ToolTiming = 'after-reply';

  constructor(send: (message: ClientMessage) => void) {
    this.#send = send;
  }

  /** Calls not answered yet. */
  get pending(): boolean {
    return this.#calls.size > 0 || this.#waiting.length > 0;
  }

  /** Calls that the page is at. */
  get running(): boolean {
    return this.#calls.size > 0;
  }

  /** The tools as the server knows them: those it calls over HTTP itself are announced, but not to be answered. */
  resolved(tools: readonly FunctionTool[]): void {
    const overHttp = tools.filter((tool) => tool['http'] !== undefined && tool['http'] !== null);
    this.#httpTools = new Set(overHttp.map((tool) => tool.name));
  }

  /** @returns whether the page is to answer this call. */
  called(callId: string, name: string): boolean {
    if (this.#httpTools.has(name) || this.#calls.has(callId) || this.#calls.size >= MAX_CALLS) return false;
    this.#calls.add(callId);
    return true;
  }

  /** @param result a JSON text. */
  answer(callId: string, result: string, isError: boolean, replyUnderWay: boolean): void {
    // Unknown, answered before, or dropped by an interruption.
    if (!this.#calls.delete(callId)) return;
    const message: ClientMessage = {
      type: 'tool.result',
      call_id: callId,
      result,
      is_error: isError || undefined,
    };
    if (this.timing === 'immediate' || !replyUnderWay) this.#send(message);
    else this.#waiting.push(message);
  }

  /** `reply.done` without an interruption. */
  replyDone(): void {
    const ready = this.#waiting;
    this.#waiting = [];
    for (const message of ready) this.#send(message);
  }

  /** The turn they belonged to is over. */
  drop(): void {
    this.#waiting = [];
    this.#calls.clear();
  }
}
