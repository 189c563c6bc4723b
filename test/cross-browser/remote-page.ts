/** One step of an input source (WebDriver §15.4.2). */
export type InputAction =
  | { readonly type: 'keyDown' | 'keyUp'; readonly value: string }
  | { readonly type: 'pointerDown' | 'pointerUp'; readonly button: number }
  | { readonly type: 'pointerMove'; readonly x: number; readonly y: number; readonly duration: number };

/** What one keyboard or one mouse does; what it holds stays held until it lets go. */
export interface InputSource {
  readonly type: 'key' | 'pointer';
  readonly id: string;
  readonly parameters?: { readonly pointerType: 'mouse' };
  readonly actions: readonly InputAction[];
}

/** One page of a browser that Playwright does not drive, reduced to what the tests need. */
export interface RemotePage extends AsyncDisposable {
  readonly name: 'Chromium' | 'Firefox' | 'WebKit';
  goto(url: string): Promise<void>;
  /**
   * Calls a function in the page and waits for what it promises. It is sent as text: it must not use anything from
   * outside itself. Parameters and result are plain data.
   * @throws Error with the page's own message.
   */
  evaluate<Parameters extends unknown[], Result>(
    run: (...parameters: Parameters) => Result | Promise<Result>,
    ...parameters: Parameters
  ): Promise<Result>;
  perform(sources: readonly InputSource[]): Promise<void>;
}

/** A browser that hangs is a failure, not a wait. */
export const ANSWER_MS = 60_000;

export interface Outcome {
  readonly value?: unknown;
  readonly error?: string;
}

/** The call as text whose value is the text of an Outcome: only text travels the same in every protocol. */
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
