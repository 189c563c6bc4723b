/** The tool calls of a session that have no result yet. */
import type { Clock } from './clock.js';
import type { PlannedCall } from './host.js';
import type { ServerMessage } from './protocol.js';

export interface ToolCallsOptions {
  readonly clock: Clock;
  /** Begins every call's id. */
  readonly idPrefix: string;
  readonly send: (message: ServerMessage) => void;
  readonly onTimeout: (name: string) => void;
}

interface OpenCall {
  readonly name: string;
  cancelTimer(): void;
}

export type Settlement =
  { readonly state: 'answered'; readonly name: string } | { readonly state: 'dropped' | 'unknown' };

export class ToolCalls {
  readonly #options: ToolCallsOptions;
  readonly #open = new Map<string, OpenCall>();
  readonly #dropped = new Set<string>();
  #count = 0;

  constructor(options: ToolCallsOptions) {
    this.#options = options;
  }

  start(call: PlannedCall): void {
    const { clock, idPrefix, onTimeout, send } = this.#options;
    const callId = `call_${idPrefix}_${++this.#count}`;
    if (!call.serverSide) {
      const cancelTimer = clock.after(call.timeoutMs, () => {
        this.#open.delete(callId);
        this.#dropped.add(callId);
        onTimeout(call.name);
      });
      this.#open.set(callId, { name: call.name, cancelTimer });
    }
    send({ type: 'tool.call', call_id: callId, name: call.name, arguments: call.arguments });
  }

  /** A late result of a dropped call is accepted. A result for a call that was never made is an error. */
  settle(callId: string): Settlement {
    const call = this.#open.get(callId);
    if (!call) return { state: this.#dropped.has(callId) ? 'dropped' : 'unknown' };
    call.cancelTimer();
    this.#open.delete(callId);
    this.#dropped.add(callId);
    return { state: 'answered', name: call.name };
  }

  dropAll(): void {
    for (const [callId, call] of this.#open) {
      call.cancelTimer();
      this.#dropped.add(callId);
    }
    this.#open.clear();
  }
}
