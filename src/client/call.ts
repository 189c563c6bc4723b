/** One call, from the click to its end: microphone, sound and session, joined and taken apart again. */
import { AudioGraph } from '../audio/audio-graph.js';
import { openMicrophone, stopMicrophone } from '../audio/microphone.js';
import { VoiceAgentError } from '../errors.js';
import type { EndReason, SessionCounters, SessionEvent } from '../session/events.js';
import type { SessionToPage } from '../worker/bridge.js';
import { loadEngine } from '../worklet/load.js';
import type { PlaybackStats } from '../worklet/messages.js';
import type { VoiceAgentOptions } from './options.js';
import type { CallPlan } from './resolve-options.js';
import { createSessionHost, type SessionHost } from './session-host.js';
import { fetchToken } from './token.js';

export interface CallHandlers {
  event(event: SessionEvent): void;
  levels(microphone: number, speaker: number): void;
  stats(playback: PlaybackStats, counters: SessionCounters, host: SessionHost['kind']): void;
  /** The call is over because of this, before a session could say so itself. */
  failed(error: VoiceAgentError): void;
}

export class Call {
  readonly #plan: CallPlan;
  readonly #options: VoiceAgentOptions;
  readonly #handlers: CallHandlers;
  readonly #graph: AudioGraph;
  #stream: MediaStream | undefined;
  #host: SessionHost | undefined;
  #muted: boolean;
  #volume: number;
  /** The session was told to connect. */
  #dialled = false;
  #over = false;
  #settleEnd: (() => void) | undefined;
  /** Settled when nothing of the call is left. */
  readonly ended: Promise<void>;

  /**
   * To be made inside the click: browsers start sound only there.
   * @throws {VoiceAgentError} `unsupported_browser`
   */
  constructor(plan: CallPlan, options: VoiceAgentOptions, handlers: CallHandlers) {
    this.#plan = plan;
    this.#options = options;
    this.#handlers = handlers;
    this.#muted = plan.muted;
    this.#volume = plan.volume;
    this.ended = new Promise((resolve) => {
      this.#settleEnd = resolve;
    });
    this.#graph = new AudioGraph({
      levels: (microphone, speaker) => handlers.levels(microphone, speaker),
      running: (running) => this.#onRunning(running),
      failed: (error) => this.#fail(error),
    });
  }

  /**
   * Asks for the microphone, then calls. The socket opens only once the microphone is there: a refused permission costs
   * nothing.
   */
  async open(): Promise<void> {
    try {
      await this.#open();
    } catch (error) {
      this.#fail(VoiceAgentError.from(error));
    }
  }

  async #open(): Promise<void> {
    const microphone = openMicrophone().then((stream) => this.#keep(stream));
    const loaded = loadEngine().then((engine) => this.#graph.load(engine));
    const [host] = await Promise.all([createSessionHost(), loaded, microphone]);
    if (this.#over) {
      host.close();
      return;
    }
    this.#host = host;
    host.onmessage = (message) => this.#onMessage(message, host);
    await this.#graph.run();
    if (this.#over) return;
    this.#graph.setMicrophone(this.#stream);
    this.#graph.setMuted(this.#muted);
    this.#graph.setVolume(this.#volume);
    const { port1, port2 } = new MessageChannel();
    this.#graph.link(port1);
    this.#dialled = true;
    host.post({ type: 'start', options: this.#plan.session, link: port2 }, [port2]);
  }

  /** The microphone goes off at once; the session says goodbye to the server. */
  stop(reason: EndReason): Promise<void> {
    this.#releaseMicrophone();
    if (this.#dialled) this.#host?.post({ type: 'stop', reason });
    // Nobody is there yet to say goodbye to.
    else if (!this.#over) this.#handlers.event({ type: 'ended', reason, seconds: 0 });
    return this.ended;
  }

  interrupt(): void {
    this.#host?.post({ type: 'interrupt' });
  }

  say(text: string): void {
    this.#host?.post({ type: 'say', text });
  }

  answerTool(callId: string, result: string, isError: boolean): void {
    this.#host?.post({ type: 'tool-result', callId, result, isError });
  }

  wake(): void {
    this.#host?.post({ type: 'wake' });
  }

  setMuted(muted: boolean): void {
    this.#muted = muted;
    this.#graph.setMuted(muted);
  }

  setVolume(volume: number): void {
    this.#volume = volume;
    this.#graph.setVolume(volume);
  }

  /** Takes everything apart; the session has said its last word, or never had one. */
  async close(): Promise<void> {
    if (this.#over) return;
    this.#over = true;
    this.#releaseMicrophone();
    this.#host?.close();
    await this.#graph.close();
    this.#settleEnd?.();
  }

  #onMessage(message: SessionToPage, host: SessionHost): void {
    switch (message.type) {
      case 'event':
        this.#handlers.event(message.event);
        break;
      case 'token-request':
        void this.#answerTokenRequest(message.request);
        break;
      case 'stats':
        this.#handlers.stats(message.playback, message.counters, host.kind);
        break;
      case 'running':
        break;
    }
  }

  async #answerTokenRequest(request: number): Promise<void> {
    try {
      const grant = await fetchToken(this.#options, this.#plan.serverUrl);
      this.#host?.post({ type: 'token', request, grant });
    } catch (error) {
      this.#host?.post({ type: 'token-failed', request, error: VoiceAgentError.from(error).toData() });
    }
  }

  #keep(stream: MediaStream): void {
    if (this.#over) stopMicrophone(stream);
    else this.#stream = stream;
  }

  #releaseMicrophone(): void {
    this.#graph.setMicrophone(undefined);
    if (this.#stream) stopMicrophone(this.#stream);
    this.#stream = undefined;
  }

  #onRunning(running: boolean): void {
    if (running) return;
    const error = VoiceAgentError.notice(
      'audio_interrupted',
      'The system has taken the sound away for now.',
      'It comes back by itself, or with a tap on the page.',
    );
    this.#handlers.event({ type: 'notice', error: error.toData() });
  }

  #fail(error: VoiceAgentError): void {
    if (this.#over) return;
    this.#host?.post({ type: 'stop', reason: 'stopped' });
    void this.close();
    this.#handlers.failed(error);
  }
}
