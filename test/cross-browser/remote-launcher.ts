/** @web/test-runner in a browser that is controlled through a RemotePage. */
import type { BrowserLauncher } from '@web/test-runner';
import { Key } from 'selenium-webdriver';
import type { InputAction, RemotePage } from './remote-page.js';

const CODES = {
  ...(Key as unknown as Readonly<Record<string, string>>),
  SPACE: ' ',
  BACKSPACE: Key.BACK_SPACE,
};

/** The code in WebDriver of a key that Playwright calls `Enter` or `ArrowLeft`, or a letter itself. */
function codeOf(key: string): string {
  const name = key.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase();
  return (CODES as Readonly<Record<string, string>>)[name] ?? key;
}
const BUTTONS = { left: 0, middle: 1, right: 2 } as const;

type Button = { readonly button?: keyof typeof BUTTONS };

/** The part of Playwright's page that the commands of @web/test-runner use. */
function inputOf(page: RemotePage) {
  const keys = (actions: readonly InputAction[]): Promise<void> =>
    page.perform([{ type: 'key', id: 'keys', actions }]);
  const pointer = (...actions: readonly InputAction[]): Promise<void> =>
    page.perform([{ type: 'pointer', id: 'mouse', parameters: { pointerType: 'mouse' }, actions }]);
  const down = (value: string): InputAction => ({ type: 'keyDown', value: codeOf(value) });
  const up = (value: string): InputAction => ({ type: 'keyUp', value: codeOf(value) });
  // Without it, WebKit types the other sign of the key, and small letters.
  const withShift = (letter: string, actions: InputAction[]): InputAction[] =>
    /[A-Z?]/.test(letter) ? [down('Shift'), ...actions, up('Shift')] : actions;
  const move = (x: number, y: number): InputAction => ({ type: 'pointerMove', x, y, duration: 0 });
  const press = ({ button = 'left' }: Button = {}): InputAction => ({
    type: 'pointerDown',
    button: BUTTONS[button],
  });
  const release = ({ button = 'left' }: Button = {}): InputAction => ({
    type: 'pointerUp',
    button: BUTTONS[button],
  });
  return {
    keyboard: {
      type: (text: string) =>
        keys(Array.from(text).flatMap((letter) => withShift(letter, [down(letter), up(letter)]))),
      press: (chord: string) => {
        const all = chord.split('+');
        return keys([...all.map(down), ...all.reverse().map(up)]);
      },
      down: (key: string) => keys([down(key)]),
      up: (key: string) => keys([up(key)]),
    },
    mouse: {
      move: (x: number, y: number) => pointer(move(x, y)),
      click: (x: number, y: number, options?: Button) =>
        pointer(move(x, y), press(options), release(options)),
      down: (options?: Button) => pointer(press(options)),
      up: (options?: Button) => pointer(release(options)),
    },
    emulateMedia: () => Promise.reject(new Error(`${page.name} cannot be told to emulate media features.`)),
  };
}

/** One window for all files, one after another. */
export function remoteLauncher(
  name: RemotePage['name'],
  open: () => Promise<RemotePage>,
): BrowserLauncher & { getPage(): ReturnType<typeof inputOf> } {
  let page: RemotePage | undefined;
  let session: string | undefined;
  return {
    name,
    // The commands for keys and mouse use `inputOf`.
    type: 'playwright',
    concurrency: 1,
    async startSession(sessionId, url) {
      page ??= await open();
      session = sessionId;
      await page.goto(url);
    },
    isActive: (sessionId) => sessionId === session,
    getBrowserUrl: () => undefined,
    async stopSession() {
      session = undefined;
      await page?.goto('about:blank');
      return {};
    },
    async stop() {
      await page?.[Symbol.asyncDispose]();
      page = undefined;
    },
    startDebugSession: () => Promise.reject(new Error('Debugging is for Chromium.')),
    getPage: () => {
      if (!page) throw new Error(`${name} is not open.`);
      return inputOf(page);
    },
  };
}
