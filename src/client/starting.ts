import type { VoiceAgentError } from '../errors.js';

/** The promise that `start()` returns. */
export interface Starting {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: VoiceAgentError) => void;
}

export function pending(): Starting {
  let resolve!: () => void;
  let reject!: (error: VoiceAgentError) => void;
  const promise = new Promise<void>((settle, refuse) => {
    resolve = settle;
    reject = refuse;
  });
  // The error is dispatched too, so an unhandled rejection would only be noise.
  promise.catch(() => undefined);
  return { promise, resolve, reject };
}
