import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { isWriting } from './key-command.js';
import { PageListeners } from './page-listeners.js';
import { MicrophoneHold } from './microphone-hold.js';

interface TalkHost extends ReactiveControllerHost, HTMLElement {
  readonly pushToTalk: boolean;
  muted: boolean;
}

/**
 * Opens the microphone while the talk button is held, or Space with the focus anywhere inside except on another
 * control.
 */
export class PushToTalk implements ReactiveController {
  readonly #host: TalkHost;
  readonly #hold: MicrophoneHold;
  #isOn = false;
  /** The value without push-to-talk. */
  wasMuted = false;

  constructor(host: TalkHost) {
    this.#host = host;
    this.#hold = new MicrophoneHold(host);
    host.addController(this);
    new PageListeners(host, ({ defaultView }, signal) => {
      // Nobody tells of the release to a window that has lost the focus.
      defaultView?.addEventListener('blur', this.release, { signal });
      // The focus may have moved meanwhile. Before the page hears of it: the key was meant for the microphone.
      defaultView?.addEventListener('keyup', this.#onKeyUp, { signal, capture: true });
    });
    host.addEventListener('keydown', (event) => {
      if (!host.pushToTalk || !isSpace(event)) return;
      // Otherwise the page would scroll, and the button would be clicked.
      event.preventDefault();
      if (!event.repeat) this.#hold.press();
    });
  }

  get isOn(): boolean {
    return this.#isOn;
  }

  /** Muted until something is held. When push-to-talk is turned off, the previous value is restored. */
  follow(): void {
    const host = this.#host;
    if (host.pushToTalk === this.#isOn) return;
    this.#isOn = host.pushToTalk;
    this.#hold.forget();
    [this.wasMuted, host.muted] = [host.muted, this.#isOn || this.wasMuted];
  }

  hostDisconnected(): void {
    this.release();
  }

  readonly #onKeyUp = (event: KeyboardEvent): void => {
    if (!this.#hold.isPressed || event.key !== ' ') return;
    event.preventDefault();
    event.stopPropagation();
    this.release();
  };

  readonly press = (): void => this.#hold.press();

  readonly release = (): void => this.#hold.release();
}

function isSpace(event: Event): event is KeyboardEvent {
  const target = event.composedPath()[0] as HTMLElement;
  return (event as KeyboardEvent).key === ' ' && !isWriting(event) && !target.matches('button:not(.hold)');
}
