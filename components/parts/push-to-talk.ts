import type { ReactiveControllerHost } from 'lit';
import type { VoiceAgentState } from '../../src/index.js';
import { isActive } from './conversation-view.js';
import { isWriting } from './key-command.js';
import { listenToPage } from './page-listeners.js';
import { microphoneHold, type MicrophoneHold } from './microphone-hold.js';

interface TalkHost extends ReactiveControllerHost, HTMLElement {
  readonly pushToTalk: boolean;
  readonly state: VoiceAgentState;
  muted: boolean;
}

export interface PushToTalk extends Pick<MicrophoneHold, 'press' | 'release'> {
  isOn: boolean;
  /** The value of `muted` without push-to-talk. */
  wasMuted: boolean;
  /** Muted until something is held. When push-to-talk is turned off, the previous value is restored. */
  readonly follow: () => void;
}

/**
 * Opens the microphone while the talk button is held, or Space with the focus anywhere inside except on another
 * control.
 */
export function pushToTalk(host: TalkHost): PushToTalk {
  const { press, release, forget } = microphoneHold(host);
  let held: Element | null | undefined;
  const talk: PushToTalk = {
    isOn: false,
    wasMuted: false,
    press() {
      held = host.shadowRoot!.querySelector('.hold');
      press();
    },
    release,
    follow() {
      if (host.pushToTalk === talk.isOn) return;
      talk.isOn = host.pushToTalk;
      forget();
      [talk.wasMuted, host.muted] = [host.muted, talk.isOn || talk.wasMuted];
    },
  };
  // No tap, however short: the visitor did not let go.
  const close = (): void => {
    if (release()) host.muted = true;
  };
  // With its layout or its call, or by foreign code. Such a button is not told that it is let go.
  const closeRemoved = (): unknown => held?.isConnected === false && close();
  host.addController({ hostDisconnected: close, hostUpdated: closeRemoved });
  listenToPage(host, ({ defaultView }, signal) => {
    // A window without the focus receives no keyup.
    defaultView?.addEventListener('blur', close, { signal });
    defaultView?.addEventListener('pointerup', closeRemoved, { signal, capture: true });
    // On the window, because the focus may have moved; in the capture phase, so that the page ignores the key.
    const onKeyUp = (event: KeyboardEvent): void => {
      if (event.key !== ' ' || !release()) return;
      event.preventDefault();
      event.stopPropagation();
    };
    defaultView?.addEventListener('keyup', onKeyUp, { signal, capture: true });
  });
  host.addEventListener('keydown', (event) => {
    // After a call, a visitor may still be typing.
    if (!host.pushToTalk || !isActive(host.state) || !isSpace(event)) return;
    // Otherwise the page would scroll, and the button would be clicked.
    event.preventDefault();
    if (!event.repeat) talk.press();
  });
  return talk;
}

/** Controls that the page has put inside the tag, besides buttons and fields. */
const PAGE_CONTROLS = 'summary, a[href], audio, video, [role]';

/** Not on another control. */
export function isSpace(event: Event): event is KeyboardEvent {
  const target = event.composedPath()[0] as HTMLElement;
  const { key, altKey, ctrlKey, metaKey } = event as KeyboardEvent;
  const isOther =
    altKey ||
    ctrlKey ||
    metaKey ||
    target.matches('button:not(.hold)') ||
    (event.target !== event.currentTarget && target.matches(PAGE_CONTROLS));
  return key === ' ' && !isWriting(event) && !isOther;
}
