import type { ReactiveControllerHost } from 'lit';
import type { VoiceAgentState } from '../../src/index.js';
import { listenToPage } from './page-listeners.js';
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
 * A call in the system's UI. The screen stays on, because users do not touch it while they talk, and a locked phone stops
 * the audio. The media session has a title, the microphone's state, and actions to mute and hang up.
 * @param readLabel The title of the call.
 */
export function showInSystem(host: PresenceHost, toggleMuted: () => void, readLabel: () => string): void {
  /** Requested once: a refusal, for example by a frame's policy, would otherwise fill the console. */
  let screenLock: Promise<WakeLockSentinel | undefined> | undefined;
  let metadata: MediaMetadata | undefined;
  let toldActive: boolean | undefined;

  const tell = (session: CallMediaSession, isInCall: boolean): void => {
    if (isInCall ? !metadata && !session.metadata : metadata) {
      // The browser returns the same object that was set, so a different one is the page's.
      const isOwn = isInCall || session.metadata === metadata;
      metadata = isInCall ? new MediaMetadata({ title: readLabel() }) : undefined;
      if (isOwn) session.metadata = metadata ?? null;
      session.setActionHandler('hangup', isInCall ? () => void host.stop() : null);
      session.setActionHandler('togglemicrophone', isInCall ? toggleMuted : null);
      toldActive = undefined;
    }
    // Only changes are set. Safari mutes the capture itself in response, and refuses to unmute it outside a gesture.
    const isLive = !host.muted;
    if (!metadata || isLive === toldActive) return;
    toldActive = isLive;
    // If refused, the track stays muted, which the call detects.
    void Promise.resolve(session.setMicrophoneActive(isLive)).catch(() => undefined);
  };

  const settle = (): void => {
    const isInCall = isActive(host.state);
    const { hidden, defaultView } = host.ownerDocument;
    if (isInCall && !hidden) {
      // Not every browser supports it, and one that saves battery refuses. The call works without it.
      screenLock ??= Promise.resolve()
        .then(() => defaultView?.navigator.wakeLock.request('screen'))
        .catch(() => undefined);
    } else {
      void screenLock?.then((lock) => lock?.release());
      screenLock = undefined;
    }
    try {
      tell(navigator.mediaSession, isInCall);
    } catch {
      // Without support for it, or for one of its actions, the call works without.
    }
  };

  host.addController({ hostUpdated: settle });
  listenToPage(host, (page, signal) => {
    // The browser releases the lock when the page is hidden.
    page.addEventListener('visibilitychange', settle, { signal });
  });
}
