import { css, nothing } from 'lit';
import { AgentPart } from '../extras/agent-part.js';
import { tokens } from '../themes/tokens.styles.js';

type CallAction = 'hangup' | 'togglemicrophone';

/** Newer than the types of the platform, and than some browsers. */
interface CallMediaSession {
  metadata: MediaMetadata | null;
  setActionHandler(action: CallAction, handler: (() => void) | null): void;
  setMicrophoneActive?(active: boolean): unknown;
}

function mediaSession(): CallMediaSession | undefined {
  return 'mediaSession' in navigator ? (navigator.mediaSession as unknown as CallMediaSession) : undefined;
}

/**
 * @summary Tells the system of a call: its name, that the microphone is on, keys to mute and to hang up. It has no face.
 *
 * `<voice-agent>` holds one where one of its attributes has loaded the parts.
 *
 * A page that has set metadata of its own keeps it, and its own keys.
 *
 * @tag voice-agent-media-session
 */
export class VoiceAgentMediaSessionElement extends AgentPart {
  static override readonly styles = [
    tokens,
    css`
      :host {
        display: none;
      }
    `,
  ];

  #metadata: MediaMetadata | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#release();
  }

  protected override render(): typeof nothing {
    return nothing;
  }

  /** Its face is the system's. */
  protected override updated(): void {
    const session = mediaSession();
    if (!session || typeof MediaMetadata !== 'function') return;
    if (!this.inCall) this.#release();
    else if (!this.#metadata && !session.metadata) this.#take(session);
    if (this.#metadata) session.setMicrophoneActive?.(!this.agent?.muted);
  }

  #take(session: CallMediaSession): void {
    const metadata = new MediaMetadata({ title: this.messages.label });
    session.metadata = this.#metadata = metadata;
    this.#handle('hangup', () => void this.agent?.stop());
    this.#handle('togglemicrophone', () => {
      if (this.agent) this.agent.muted = !this.agent.muted;
    });
  }

  #release(): void {
    const session = mediaSession();
    if (!this.#metadata || !session) return;
    // The browser hands out the object it was given: another one is the page's.
    if (session.metadata === this.#metadata) session.metadata = null;
    this.#metadata = undefined;
    this.#handle('hangup', null);
    this.#handle('togglemicrophone', null);
  }

  #handle(action: CallAction, handler: (() => void) | null): void {
    try {
      mediaSession()?.setActionHandler(action, handler);
    } catch {
      // A browser without this key.
    }
  }
}
