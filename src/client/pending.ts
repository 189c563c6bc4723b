import type { VoiceAgentError } from '../errors.js';

/** A promise and the functions that settle it. */
export interface Pending {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: VoiceAgentError) => void;
}

export function pending(): Pending {
  let resolve!: () => void;
  let reject!: (error: VoiceAgentError) => void;
  const promise = new Promise<void>((settle, refuse) => {
    resolve = settle;
    reject = refuse;
  });
  // An error is dispatched, too, so an unhandled rejection would only be noise.
  promise.catch(() => undefined);
  return { promise, resolve, reject };
}
