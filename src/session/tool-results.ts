/**
 * Answers to `tool.call` and when to send them. The service documents that a result is to be sent when `reply.done`
 * is the latest event received. Results sent at once were observed to be accepted, and to save about a second.
 */
import type { ClientMessage, ResolvedTool, SessionError, ToolCall } from '../protocol/messages.js';
import { isOfServer } from './handover.js';
import type { KeptTools } from './kept-session.js';

/** Whether a result waits until `reply.done` is the latest event received, or is sent at once. */
export type ToolTiming = 'after-reply' | 'immediate';

/** A server with more simultaneous calls is broken or hostile. */
const MAX_CALLS = 128;
/** The platform's own tools. */
const PLATFORM_TOOL = /^aai_/;
/** A handler that leaves the page each time it is asked must not do so endlessly. */
const LEFT = JSON.stringify({ error: 'The page was left before the tool answered.' });

/** A call that was answered after its turn: the agent never got the result, but the tool has run. */
export interface UnusedResult {
  readonly callId: string;
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** JSON. */
  readonly result: string;
  readonly isError: boolean;
}

export interface ToolResultsHandlers {
  send(message: ClientMessage): void;
  /** Messages are sent immediately. */
  isReady(): boolean;
  /** All results of the turn so far were sent. */
  allSent(): void;
  unused(result: UnusedResult): void;
}

export class ToolResults {
  readonly #handlers: ToolResultsHandlers;
  readonly #calls = new Map<string, ToolCall>();
  /** From turns that are over; their handlers may still be running. */
  readonly #dropped = new Map<string, ToolCall>();
  #waiting: UnusedResult[] = [];
  /** Sent, and no reply has shown yet that they have arrived. */
  #unsure: UnusedResult[] = [];
  /** Results of which the server may have two copies. */
  #copies = 0;
  #serverTools = new Set<string>();
  /** Calls that the page before was asked, too. */
  #repeated = new Set<string>();
  /** Those, until this page is asked. */
  inherited: readonly ToolCall[] = [];
  timing: ToolTiming = 'after-reply';

  constructor(handlers: ToolResultsHandlers) {
    this.#handlers = handlers;
  }

  /** Calls that are not answered, or whose result no reply has followed yet. */
  get pending(): boolean {
    return this.#calls.size + this.#waiting.length + this.#unsure.length > 0;
  }

  /** Calls that the page is working on. */
  get running(): boolean {
    return this.#calls.size > 0;
  }

  /** Number of calls from turns that are over on which the page is still working. */
  get left(): number {
    return this.#dropped.size;
  }

  /** For another page: what is open is asked there, once; what is answered is sent there. */
  get kept(): KeptTools {
    const open = [...this.#calls.values()];
    const isRepeated = ({ call_id }: ToolCall): boolean => this.#repeated.has(call_id);
    const left = open.filter(isRepeated).map((call) => resultOf(call, LEFT, true));
    return {
      calls: [...this.inherited, ...open.filter((call) => !isRepeated(call))],
      results: [...this.#unsure, ...this.#waiting, ...left],
    };
  }

  restore({ calls, results }: KeptTools): void {
    this.inherited = calls;
    this.#repeated = new Set(calls.map(({ call_id }) => call_id));
    this.#waiting = [...results];
    this.#copies = results.length;
  }

  /** The tools as the server knows them: those it calls itself are announced, but must not be answered. */
  resolved(tools: readonly ResolvedTool[]): void {
    this.#serverTools = new Set(tools.filter(isOfServer).map(({ name }) => name));
  }

  /** @returns whether the page must answer this call */
  called(call: ToolCall): boolean {
    const { call_id, name } = call;
    if (this.#serverTools.has(name) || PLATFORM_TOOL.test(name)) return false;
    if (this.#calls.has(call_id) || this.#calls.size >= MAX_CALLS) return false;
    // A server that has not received the result may repeat the call.
    if ([...this.#waiting, ...this.#unsure].some(({ callId }) => callId === call_id)) return false;
    this.#calls.set(call_id, call);
    this.#dropped.delete(call_id);
    return true;
  }

  /**
   * @param result JSON text
   * @param mustWait a reply is in progress, or the user has begun to speak
   */
  answer(callId: string, result: string, isError: boolean, mustWait: boolean): void {
    const call = this.#calls.get(callId) ?? this.#dropped.get(callId);
    // Unknown, or already answered.
    if (!call) return;
    const answer = resultOf(call, result, isError);
    if (this.#calls.delete(callId)) {
      this.#waiting.push(answer);
      if (this.timing === 'immediate' || !mustWait) this.release();
    } else {
      this.#dropped.delete(callId);
      this.#handlers.unused(answer);
    }
  }

  /**
   * Results may be sent now: a reply is done, or the user has stopped speaking. Without a connection they wait: a session that takes
   * over does not know the calls, which are then reported.
   */
  release(): void {
    if (!this.#handlers.isReady()) return;
    const ready = this.#waiting;
    this.#waiting = [];
    this.#unsure = [...this.#unsure, ...ready].slice(-MAX_CALLS);
    for (const { callId, result, isError } of ready)
      this.#handlers.send({ type: 'tool.result', call_id: callId, result, is_error: isError || undefined });
    if (ready.length > 0 && !this.running) this.#handlers.allSent();
  }

  /** A reply has begun, so the server has received what was sent before. */
  arrived(): void {
    this.#unsure = [];
  }

  /**
   * The connection is lost, perhaps with the last results, which wait to be sent again. The id of its call tells the server that a
   * result came twice; without one, the agent would stay silent.
   */
  lost(): void {
    this.#copies += this.#unsure.length;
    this.#waiting = [...this.#unsure, ...this.#waiting];
    this.arrived();
  }

  /** @returns whether the server only reports that it had received the first copy, which is no problem */
  isCopyRefused({ code, param }: SessionError): boolean {
    const isRefused = this.#copies > 0 && code === 'invalid_value' && param === 'call_id';
    if (isRefused) this.#copies--;
    return isRefused;
  }

  /** Their turn is over. */
  drop(): void {
    const unused = this.#waiting;
    this.#waiting = [];
    this.arrived();
    for (const [callId, call] of this.#calls) this.#dropped.set(callId, call);
    this.#calls.clear();
    for (const callId of [...this.#dropped.keys()].slice(0, -MAX_CALLS)) this.#dropped.delete(callId);
    for (const result of unused) this.#handlers.unused(result);
  }
}

function resultOf(call: ToolCall, result: string, isError: boolean): UnusedResult {
  return { callId: call.call_id, name: call.name, arguments: call.arguments, result, isError };
}
