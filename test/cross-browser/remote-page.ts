/** One step of an input source (WebDriver §15.4.2). */
export type InputAction =
  | { readonly type: 'keyDown' | 'keyUp'; readonly value: string }
  | { readonly type: 'pointerDown' | 'pointerUp'; readonly button: number }
  | { readonly type: 'pointerMove'; readonly x: number; readonly y: number; readonly duration: number };

/** The actions of one keyboard or mouse. Pressed keys and buttons stay pressed until they are released. */
export interface InputSource {
  readonly type: 'key' | 'pointer';
  readonly id: string;
  readonly parameters?: { readonly pointerType: 'mouse' };
  readonly actions: readonly InputAction[];
}

/** A page in a browser that Playwright does not control, with the few methods that the tests need. */
export interface RemotePage extends AsyncDisposable {
  readonly name: 'Chromium' | 'Firefox' | 'WebKit';
  goto(url: string): Promise<void>;
  /**
   * Calls a function in the page and waits for its promise. The function is sent as text, so it must not use anything from
   * outside. Parameters and result are plain data.
   * @throws Error with the page's own message.
   */
  evaluate<Parameters extends unknown[], Result>(
    run: (...parameters: Parameters) => Result | Promise<Result>,
    ...parameters: Parameters
  ): Promise<Result>;
  perform(sources: readonly InputSource[]): Promise<void>;
}

/** A browser that does not answer by then has failed. */
export const ANSWER_MS = 60_000;

export interface Outcome {
  readonly value?: unknown;
  readonly error?: string;
}

/** The call as source text whose value is an Outcome as JSON, because all protocols transfer text in the same way. */
export function callText(run: (...parameters: never[]) => unknown, parameters: readonly unknown[]): string {
  return `Promise.resolve().then(() => (${run.toString()})(...${JSON.stringify(parameters)})).then(
    (value) => JSON.stringify({ value }),
    (error) => JSON.stringify({ error: error + '\\n' + (error && error.stack) }))`;
}

/** @throws Error with the page's own message. */
export function resultOf(text: string): unknown {
  const { value, error } = JSON.parse(text) as Outcome;
  if (error !== undefined) throw new Error(`In the page: ${error}`);
  return value;
}
