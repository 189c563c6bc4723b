import { css, nothing } from 'lit';
import type { ConversationListeners } from '../conversation/conversation-consumer.js';
import { AgentPart } from '../extras/agent-part.js';
import { whenRemoved } from '../parts/removal.js';
import { tokens } from '../themes/tokens.styles.js';
import { playNotes, useSpeaker, type Note } from '../extras/tones.js';

/** −22 dBFS at full volume, and the two notes of a sound do not overlap. */
const PEAK = 0.08;
const LOW_HZ = 523.25;
const HIGH_HZ = 783.99;

const UP = notes(LOW_HZ, HIGH_HZ);
const DOWN = notes(HIGH_HZ, LOW_HZ);

function notes(first: number, second: number): readonly Note[] {
  return [
    { frequencyHz: first, atMs: 0, durationMs: 110 },
    { frequencyHz: second, atMs: 110, durationMs: 160 },
  ];
}

/**
 * @summary A quiet tone when a call begins and another when it ends. It has no UI.
 *
 * The tones play on the call's speaker, follow its volume, and peak at −22 dBFS.
 *
 * @tag voice-agent-sounds
 */
export class VoiceAgentSoundsElement extends AgentPart {
  static override readonly styles = [
    tokens,
    css`
      :host {
        display: none;
      }
    `,
  ];

  #context: AudioContext | undefined;
  #begun = false;

  constructor() {
    super();
    whenRemoved(this, () => this.#close());
  }

  protected override listeners(): ConversationListeners {
    return {
      'state-change': ({ state }) => {
        if (state === 'connecting') this.#prepare();
        // A call that is refused before it asks for a session has no event of its own.
        else if (state === 'error' && !this.#begun) this.#close();
      },
      'session-ready': ({ how }) => void this.#begin(how === 'first'),
      'session-end': () => void this.#end(),
    };
  }

  protected override render(): typeof nothing {
    return nothing;
  }

  #prepare(): void {
    this.#close();
    this.#begun = false;
    this.#open();
  }

  /** In the click that starts the call, or when a call of the page before is heard: later, some browsers block audio. */
  #open(): void {
    // The call itself says that a browser has no audio.
    if (typeof AudioContext === 'function') this.#context ??= new AudioContext();
  }

  /** @param isFirst not a call that continues */
  async #begin(isFirst: boolean): Promise<void> {
    this.#begun = true;
    this.#open();
    if (isFirst) await this.#play(UP);
    // A running context keeps the device awake; it is needed again only at the end.
    if (this.#context?.state === 'running') await this.#context.suspend();
  }

  async #end(): Promise<void> {
    const context = this.#context;
    if (this.#begun) await this.#play(DOWN);
    if (context === this.#context) this.#close();
  }

  async #play(sound: readonly Note[]): Promise<void> {
    const context = this.#context;
    if (!context || !this.store) return;
    const { speakerId, volume } = this.view;
    await useSpeaker(context, speakerId);
    await context.resume();
    await playNotes(context, sound, PEAK * volume);
  }

  #close(): void {
    if (this.#context?.state !== 'closed') void this.#context?.close();
    this.#context = undefined;
  }
}
