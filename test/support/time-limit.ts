import { setTimeout as delay } from 'node:timers/promises';

/** No measurement takes half as long. */
const LIMIT_MINUTES = 20;

/**
 * Runs a measurement. One that waits for something that never comes must not look like one that takes long.
 *
 * @param name as in the error
 */
export async function withTimeLimit<T>(name: string, run: () => Promise<T>): Promise<T> {
  const late = delay(LIMIT_MINUTES * 60_000, undefined, { ref: false }).then(() => {
    throw new Error(`${name} did not end within ${LIMIT_MINUTES} minutes.`);
  });
  return Promise.race([run(), late]);
}
