import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { VoiceAgentState } from '../../src/index.js';
import { PageListeners } from './page-listeners.js';
import { isActive } from './conversation-view.js';

interface PresenceHost extends ReactiveControllerHost, HTMLElement {
  readonly state: VoiceAgentState;
  readonly muted: boolean;
  stop(): Promise<void>;
}

/** Newer than the types of the platform, and than some browsers. */
interface CallMediaSession {
  metadata: MediaMetadata | null;
  setActionHandler(action: string, handler: (() => void) | null): void;
  setMicrophoneActive(active: boolean): unknown;
}

/**
 * A call as the system sees it: the screen stays on, since nobody touches it while talking and a phone that locks goes
 * silent; the call has a name, a sign of its microphone, and keys to mute and to hang up.
 */
export class SystemPresence implements ReactiveController {
  readonly #host: PresenceHost;
  readonly #toggleMuted: () => void;
  readonly #readLabel: () => string;
  /** Asked for once: one that was refused, by a frame's policy, say, would fill the console. */
  #screenLock: Promise<WakeLockSentinel | undefined> | undefined;
  #metadata: MediaMetadata | undefined;
  #toldActive: boolean | undefined;

  /** @param readLabel What the call is called. */
  constructor(host: PresenceHost, toggleMuted: () => void, readLabel: () => string) {
    this.#host = host;
    this.#toggleMuted = toggleMuted;
    this.#readLabel = readLabel;
    host.addController(this);
    new PageListeners(host, (page, signal) => {
      // The browser takes the lock away from a page that is hidden.
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
      // A browser without it, or without one of its keys: the call does without.
    }
  };

  #tell(session: CallMediaSession, isInCall: boolean): void {
    const host = this.#host;
    const own = this.#metadata;
    if (isInCall ? !own && !session.metadata : own) {
      this.#metadata = isInCall ? new MediaMetadata({ title: this.#readLabel() }) : undefined;
      // The browser hands out the object it was given: another one is the page's.
      if (isInCall || session.metadata === own) session.metadata = this.#metadata ?? null;
      session.setActionHandler('hangup', isInCall ? () => void host.stop() : null);
      session.setActionHandler('togglemicrophone', isInCall ? this.#toggleMuted : null);
      this.#toldActive = undefined;
    }
    if (this.#metadata) this.#tellMicrophone(session, !host.muted);
  }

  /** Only changes are told. Safari mutes the capture itself with this, and refuses to unmute it outside a gesture. */
  #tellMicrophone(session: CallMediaSession, active: boolean): void {
    if (active === this.#toldActive) return;
    this.#toldActive = active;
    // A refusal leaves the track muted, which the call notices.
    void Promise.resolve(session.setMicrophoneActive(active)).catch(() => undefined);
  }
}

async function lockScreen(browser: Partial<Navigator> | undefined): Promise<WakeLockSentinel | undefined> {
  try {
    // Not every browser has it, and one that saves its battery refuses: the call does without.
    return await browser?.wakeLock?.request('screen');
  } catch {
    return undefined;
  }
}
