import './dispose-symbol.js';
import { languageChanges } from '../../../../components/locales/languages.js';

/** Detects listeners, observers and intervals that a script has left on the page. */
export interface Begun extends Disposable {
  /** `Window:pagehide`, `MutationObserver`, `interval`. */
  readonly left: () => string[];
}

/** Targets that outlive a tag. Nodes and objects of a script do not. */
function isOfPage(target: EventTarget): boolean {
  const isOwn = target.constructor === EventTarget && target !== languageChanges;
  return !isOwn && !(target instanceof AbortSignal) && !(target instanceof Node && target !== document);
}

/** Records them from now on. */
export function noteBegun(): Begun {
  const begun = new Map<unknown, string>();
  const undo: (() => void)[] = [];
  const patch = <Of extends object>(of: Of, changes: Partial<Of>): void => {
    const before = Object.fromEntries(Object.keys(changes).map((name) => [name, of[name as keyof Of]]));
    Object.assign(of, changes);
    undo.push(() => void Object.assign(of, before));
  };

  const { addEventListener: add, removeEventListener: remove } = EventTarget.prototype;
  type Options = AddEventListenerOptions | boolean | undefined;
  type Noted = readonly [target: EventTarget, type: string, listener: unknown, capture: boolean];
  const noted: Noted[] = [];
  const drop = (...[target, type, listener, capture]: Noted): void => {
    const at = noted.findIndex(
      (each) => each[0] === target && each[1] === type && each[2] === listener && each[3] === capture,
    );
    if (at >= 0) noted.splice(at, 1);
  };
  patch(EventTarget.prototype, {
    addEventListener(this: EventTarget | undefined, type, listener, options?: Options) {
      const target = this ?? window;
      add.call(target, type, listener, options);
      const { capture = false, once, signal } = typeof options === 'object' ? options : { capture: options };
      if (signal?.aborted || !isOfPage(target)) return;
      const end = (): void => drop(target, type, listener, capture);
      end();
      noted.push([target, type, listener, capture]);
      if (signal) add.call(signal, 'abort', end);
      if (once) add.call(target, type, end, { once });
    },
    removeEventListener(this: EventTarget | undefined, type, listener, options?: Options) {
      const target = this ?? window;
      remove.call(target, type, listener, options as EventListenerOptions);
      drop(target, type, listener, typeof options === 'object' ? options.capture === true : options === true);
    },
  });

  for (const of of [MutationObserver, ResizeObserver, IntersectionObserver]) {
    const prototype = of.prototype as { observe: (...args: never[]) => void; disconnect: () => void };
    const { observe, disconnect } = prototype;
    patch(prototype, {
      observe(this: object, ...args: never[]) {
        begun.set(this, of.name);
        observe.apply(this, args);
      },
      disconnect(this: object) {
        begun.delete(this);
        disconnect.call(this);
      },
    });
  }

  const { setInterval: every, clearInterval: clear } = window;
  patch(window as Pick<typeof window, 'setInterval' | 'clearInterval'>, {
    setInterval: ((...args: Parameters<typeof every>) => {
      const id = every(...args);
      begun.set(`interval ${id}`, 'interval');
      return id;
    }) as typeof every,
    clearInterval: (id) => {
      begun.delete(`interval ${String(id)}`);
      clear(id);
    },
  });

  return {
    left: () =>
      [...noted.map(([{ constructor }, type]) => `${constructor.name}:${type}`), ...begun.values()].sort(),
    [Symbol.dispose]: () => undo.forEach((act) => act()),
  };
}
