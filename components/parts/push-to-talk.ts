import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { isWriting } from './key-command.js';

/** Shorter than anybody speaks: a tap keeps the microphone open until the next one, for who cannot hold a button. */
const TAP_MS = 250;

interface TalkHost extends ReactiveControllerHost, EventTarget {
  readonly pushToTalk: boolean;
  muted: boolean;
}

/** Opens the microphone while the talk button, or Space with the focus anywhere inside but on another control, is held. */
export class PushToTalk implements ReactiveController {
  readonly #host: TalkHost;
  #pressedAtMs: number | undefined;
  #wasOpen = false;
  #isOn = false;
  #wasMuted = false;

  constructor(host: TalkHost) {
    this.#host = host;
    host.addController(this);
    host.addEventListener('keydown', (event) => {
      if (!host.pushToTalk || !isSpace(event)) return;
      // Else the page would scroll, and the button be clicked.
      event.preventDefault();
      if (!event.repeat) this.press();
    });
  }

  /** Muted until something is held; without push-to-talk again as it was before. */
  follow(): void {
    const host = this.#host;
    if (host.pushToTalk === this.#isOn) return;
    this.#isOn = host.pushToTalk;
    this.#pressedAtMs = undefined;
    [this.#wasMuted, host.muted] = [host.muted, this.#isOn || this.#wasMuted];
  }

  hostConnected(): void {
    // Whatever was held is held no longer, and nobody will say so.
    window.addEventListener('blur', this.release);
    // The focus may have moved meanwhile.
    window.addEventListener('keyup', this.#onKeyUp);
  }

  hostDisconnected(): void {
    window.removeEventListener('blur', this.release);
    window.removeEventListener('keyup', this.#onKeyUp);
    this.release();
  }

  readonly #onKeyUp = (event: KeyboardEvent): void => {
    if (this.#pressedAtMs === undefined || event.key !== ' ') return;
    event.preventDefault();
    this.release();
  };

  readonly press = (): void => {
    this.#pressedAtMs = performance.now();
    this.#wasOpen = !this.#host.muted;
    this.#host.muted = false;
  };

  readonly release = (): void => {
    if (this.#pressedAtMs === undefined) return;
    const isTap = performance.now() - this.#pressedAtMs < TAP_MS;
    this.#pressedAtMs = undefined;
    this.#host.muted = this.#wasOpen || !isTap;
  };
}

function isSpace(event: Event): event is KeyboardEvent {
  const target = event.composedPath()[0] as HTMLElement;
  return (event as KeyboardEvent).key === ' ' && !isWriting(event) && !target.matches('button:not(.hold)');
}
