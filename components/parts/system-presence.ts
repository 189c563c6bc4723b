import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { VoiceAgentState } from '../../src/index.js';
import { PageListeners } from './page-listeners.js';
import { isActive } from './conversation-view.js';

interface PresenceHost extends ReactiveControllerHost, HTMLElement {
  readonly state: VoiceAgentState;
  readonly muted: boolean;
  stop(): Promise<void>;
}

/** Newer than the platform's types and than some browsers. */
interface CallMediaSession {
  metadata: MediaMetadata | null;
  setActionHandler(action: string, handler: (() => void) | null): void;
  setMicrophoneActive(active: boolean): unknown;
}

/**
 * A call in the system's UI. The screen stays on, because nobody touches it while talking, and a locked phone goes
 * silent. The media session has a title, the microphone's state, and actions to mute and hang up.
 */
export class SystemPresence implements ReactiveController {
  readonly #host: PresenceHost;
  readonly #toggleMuted: () => void;
  readonly #readLabel: () => string;
  /** Requested once: a refusal, for example by a frame's policy, would otherwise fill the console. */
  #screenLock: Promise<WakeLockSentinel | undefined> | undefined;
  #metadata: MediaMetadata | undefined;
  #toldActive: boolean | undefined;

  /** @param readLabel The title of the call. */
  constructor(host: PresenceHost, toggleMuted: () => void, readLabel: () => string) {
    this.#host = host;
    this.#toggleMuted = toggleMuted;
    this.#readLabel = readLabel;
    host.addController(this);
    new PageListeners(host, (page, signal) => {
      // The browser releases the lock when the page is hidden.
      page.addEventListener('visibilitychange', this.#settle, { signal });
    });
  }

  hostUpdated(): void {
    this.#settle();
  }

  readonly #settle = (): void => {
    const isInCall = isActive(this.#host.state);
    const { hidden, defaultView } = this.#host.ownerDocument;
    if (isInCall && !hidden) {
      this.#screenLock ??= lockScreen(defaultView?.navigator);
    } else {
      void this.#screenLock?.then((lock) => lock?.release());
      this.#screenLock = undefined;
    }
    try {
      this.#tell(navigator.mediaSession, isInCall);
    } catch {
      // Without support for it, or for one of its actions, the call works without.
    }
  };

  #tell(session: CallMediaSession, isInCall: boolean): void {
    const host = this.#host;
    const own = this.#metadata;
    if (isInCall ? !own && !session.metadata : own) {
      this.#metadata = isInCall ? new MediaMetadata({ title: this.#readLabel() }) : undefined;
      // The browser returns the same object that was set, so a different one is the page's.
      if (isInCall || session.metadata === own) session.metadata = this.#metadata ?? null;
      session.setActionHandler('hangup', isInCall ? () => void host.stop() : null);
      session.setActionHandler('togglemicrophone', isInCall ? this.#toggleMuted : null);
      this.#toldActive = undefined;
    }
    if (this.#metadata) this.#tellMicrophone(session, !host.muted);
  }

  /** Only changes are set. Safari mutes the capture itself in response, and refuses to unmute it outside a gesture. */
  #tellMicrophone(session: CallMediaSession, active: boolean): void {
    if (active === this.#toldActive) return;
    this.#toldActive = active;
    // If refused, the track stays muted, which the call detects.
    void Promise.resolve(session.setMicrophoneActive(active)).catch(() => undefined);
  }
}

async function lockScreen(browser: Partial<Navigator> | undefined): Promise<WakeLockSentinel | undefined> {
  try {
    // Not every browser supports it, and one that saves battery refuses. The call works without it.
    return await browser?.wakeLock?.request('screen');
  } catch {
    return undefined;
  }
}
