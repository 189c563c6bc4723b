/** One call, from the click to its end: connects microphone, audio and session, and tears them down. */
import { AudioPath, type AudioEvent, type AudioSettings } from '../audio/audio-path.js';
import { isMicrophoneAllowed, microphonePermission } from '../audio/devices.js';
import { silentWorklet } from '../audio/silent-worklet.js';
import { VoiceAgentError } from '../errors.js';
import { workletWay } from '../loading/voice-node.js';
import type { SessionConfig } from '../protocol/messages.js';
import type { TokenGrant } from '../session/connection.js';
import type { EndReason } from '../session/events.js';
import type { SessionMethod, SessionRequest, SessionToPage } from '../worker/bridge.js';
import { withTexts, type ToldEvent } from './error-texts.js';
import type { StatsDetail } from './events.js';
import type { VoiceAgentOptions } from './options.js';
import type { CallPlan } from './resolve-options.js';
import { createSessionHost, type SessionHost } from './session-host.js';
import { fetchToken } from './token.js';
import { pending } from './pending.js';
import { StartTimes } from './start-times.js';

/** The events of a call, until it is closed. */
export type CallEvent =
  | ToldEvent
  | AudioEvent
  | { readonly type: 'stats'; readonly detail: StatsDetail }
  /** No token is available. The session retries or fails. */
  | { readonly type: 'no-token'; readonly detail: VoiceAgentError }
  /** This ended the call before a session could report it. */
  | {
      readonly type: 'failed';
      readonly detail: { readonly error: VoiceAgentError; readonly seconds?: undefined };
    };

/** Requests that wait until the session exists. All others mean nothing before. */
const MAY_WAIT: readonly SessionMethod[] = ['say', 'reply', 'update', 'inform'];

/** How long a call of another page waits for the tap that lets this one sound. */
const TAP_MS = 25_000;

export class Call {
  readonly #plan: CallPlan;
  readonly #options: VoiceAgentOptions;
  readonly #onTold: (event: CallEvent) => void;
  /** Undefined if audio is impossible: then answers are text only. */
  #audio: AudioPath | undefined;
  #host: SessionHost | undefined;
  /** `dialled`: the session has been told to connect. */
  #phase: 'preparing' | 'dialled' | 'over' = 'preparing';
  readonly #times = new StartTimes();
  /** The first token, requested before the session needs it. */
  #grant: Promise<TokenGrant> | undefined;
  /** Events of the running session while the audio is being prepared: nobody can be heard before that. */
  #untold: ToldEvent[] | undefined = [];
  /** Requests of the page before there was a session, in order. */
  #waiting: SessionRequest[] = [];
  readonly #end = pending();

  /** @throws {VoiceAgentError} `insecure_page`, `unsupported_browser` */
  constructor(plan: CallPlan, options: VoiceAgentOptions, onTold: (event: CallEvent) => void) {
    this.#plan = plan;
    this.#options = options;
    this.#onTold = onTold;
    try {
      this.#audio = new AudioPath(options, {
        tell: (event) => this.#tell(event),
        replaced: (workletPort) => this.#replaceWorklet(workletPort),
        failed: (error) => {
          try {
            this.#goWithoutSound(error);
            this.#replaceWorklet(silentWorklet());
          } catch {
            this.#fail(error);
          }
        },
      });
    } catch (error) {
      this.#goWithoutSound(error);
    }
  }

  #tell(event: CallEvent): void {
    if (this.#phase !== 'over') this.#onTold(event);
  }

  /**
   * Opens the microphone and connects: in parallel if the microphone is already allowed, otherwise afterwards, so
   * that a refused permission costs nothing. Call it inside the click, because browsers start audio only there.
   */
  async open(): Promise<void> {
    try {
      // Before anything else: the first audio context blocks the page for tens of milliseconds, while the request travels.
      const isCertain = this.#soundFollows && isMicrophoneAllowed();
      if (isCertain) this.#requestToken();
      // The page's `getToken()` may have ended the call.
      if (this.#phase === 'over') return;
      const hosted = createSessionHost(this.#options.assetBase).then((host) => this.#takeHost(host));
      const microphone = this.#audio?.openMicrophone() ?? Promise.resolve();
      const sound = this.#startSound(microphone);
      await Promise.all([
        hosted,
        this.#dial(hosted, isCertain ? undefined : this.#certainty(microphone, sound)),
        sound,
      ]);
      // Audio is running.
      const untold = this.#untold ?? [];
      this.#untold = undefined;
      for (const event of untold) this.#tell(event);
    } catch (error) {
      this.#fail(VoiceAgentError.from(error));
    }
  }

  /** Settles as soon as neither microphone nor audio can be refused. */
  async #certainty(microphone: Promise<void>, sound: Promise<void>): Promise<void> {
    if (!this.#soundFollows) return sound;
    const granted = microphonePermission().then((permission) => permission?.state === 'granted');
    if (!(await Promise.race([granted, microphone]))) await microphone;
  }

  /**
   * Audio is not refused if the microphone is not. Without a gesture, it often is. For text input, the session's
   * configuration depends on whether audio can be played.
   */
  get #soundFollows(): boolean {
    const { userActivation } = navigator as Partial<Navigator>;
    return userActivation?.hasBeenActive === true && this.#options.inputMode !== 'text';
  }

  /** Connects, once that is certain to succeed. */
  async #dial(hosted: Promise<void>, certainty: Promise<void> | undefined): Promise<void> {
    await certainty;
    if (this.#phase === 'over') return;
    this.#requestToken();
    await hosted;
    this.#startSession();
  }

  #startSession(): void {
    const host = this.#host;
    if (!host || this.#phase !== 'preparing') return;
    this.#phase = 'dialled';
    host.onmessage = (message) => this.#onMessage(message);
    host.ondied = () => this.#fail(VoiceAgentError.fatal('session_lost'));
    this.#connect(host, this.#audio?.sessionPort);
    for (const request of this.#waiting.splice(0)) host.post(request);
  }

  #connect(host: SessionHost, workletPort = silentWorklet()): void {
    const options = { ...this.#plan.session, wished: this.#wished };
    host.post({ type: 'start', options, workletPort }, [workletPort]);
  }

  /** A session that is resumed needs none. */
  #requestToken(): void {
    if (this.#grant || this.#plan.session.resumed) return;
    this.#grant = this.#fetchToken();
    // The session may never request it.
    this.#grant.catch(() => undefined);
  }

  async #startSound(microphone: Promise<void>): Promise<void> {
    try {
      const loaded = this.#audio?.load();
      await Promise.all([microphone.then(() => this.#times.mark('microphone')), loaded]);
      if (this.#phase === 'over') return;
      await this.#audio?.run(this.#plan.session.resumed && TAP_MS);
      this.#times.mark('context');
    } catch (error) {
      this.#goWithoutSound(error);
    }
  }

  /** A user who types can read the answers. @throws the original error if the user is to speak */
  #goWithoutSound(error: unknown): void {
    if (this.#options.inputMode !== 'text') throw error;
    void this.#audio?.close();
    this.#audio = undefined;
    this.#tell({
      type: 'agent-error',
      detail: { ...VoiceAgentError.from(error).toData(), fatal: false },
    });
  }

  /** A session that is not running yet begins with the new one. */
  #replaceWorklet(workletPort: MessagePort): void {
    if (this.#phase === 'dialled') this.#host?.post({ type: 'worklet', workletPort }, [workletPort]);
  }

  /** Text input needs no session with a microphone, nor one with audio if none can be played. */
  get #wished(): SessionConfig | undefined {
    if (this.#options.inputMode !== 'text') return undefined;
    return { input: { type: 'text' }, ...(!this.#audio && { output: { type: 'text' } }) };
  }

  /** Settles when nothing of the call is left. */
  get ended(): Promise<void> {
    return this.#end.promise;
  }

  /** Turns the microphone off immediately; the session sends `session.end`. */
  stop(reason: EndReason): void {
    this.#audio?.releaseMicrophone();
    // The session of the page before must be ended, too.
    if (this.#plan.session.resumed) this.#startSession();
    if (this.#phase === 'dialled') this.ask('stop', reason);
    // No session exists yet, so there is nothing to end.
    else this.#tell({ type: 'ended', detail: { reason, seconds: 0 } });
  }

  /** @returns false on the page's own thread, where nothing outlives the page */
  keep(): boolean {
    const outlives = this.#host?.kind === 'worker';
    if (outlives) this.ask('keep');
    return outlives;
  }

  /** Without `session.end`: another page continues the session. */
  leave(): void {
    this.#host?.terminate();
  }

  /** The session cannot report anything yet. */
  get isWaiting(): boolean {
    return this.#untold !== undefined;
  }

  /** Sends a request to the session. Requests before it exists wait for it. */
  ask<Method extends SessionMethod>(method: Method, ...args: SessionRequest<Method>['args']): void {
    const request: SessionRequest<Method> = { type: 'request', method, args };
    if (this.#phase === 'dialled') this.#host?.post(request);
    else if (MAY_WAIT.includes(method)) this.#waiting.push(request);
  }

  /** Turns the microphone off immediately; what has arrived of the agent is played to its end. */
  releaseMicrophone(): void {
    this.#audio?.releaseMicrophone();
  }

  set(change: AudioSettings): void {
    this.#audio?.set(change);
  }

  /** Tears everything down, after the session has ended or if there was none. */
  async close(): Promise<void> {
    if (this.#phase === 'over') return;
    // The page is told that the microphone is off.
    this.#audio?.releaseMicrophone();
    this.#phase = 'over';
    this.#host?.close();
    await this.#audio?.close();
    this.#end.resolve();
  }

  /** Whatever failed in the meantime, no Worker may remain. */
  #takeHost(host: SessionHost): void {
    if (this.#phase !== 'over') {
      this.#host = host;
      return;
    }
    // A call that was over before there was a Worker has not ended the session of the page before.
    if (this.#plan.session.resumed) {
      this.#connect(host);
      host.post({ type: 'request', method: 'stop', args: ['stopped'] });
    }
    host.close();
  }

  #onMessage(message: SessionToPage): void {
    // The Worker lives a moment longer to send its last message to the server.
    if (this.#phase === 'over') return;
    if (message.type === 'event') this.#onEvent(withTexts(message.event));
    else if (message.type === 'token-request') void this.#answerTokenRequest(message.request);
    else if (message.type === 'stats') this.#onStats(message);
  }

  #onEvent(event: ToldEvent): void {
    const { type } = event;
    this.#times.note(type);
    // For the page, a session that was never heard has not started.
    if (type === 'ended' || type === 'failed') this.#untold = undefined;
    if (this.#untold && (type === 'session-ready' || this.#untold.length > 0)) this.#untold.push(event);
    else this.#tell(event);
  }

  async #fetchToken(): Promise<TokenGrant> {
    const grant = await fetchToken(this.#options, this.#plan.serverUrl);
    this.#times.mark('token');
    return grant;
  }

  async #answerTokenRequest(request: number): Promise<void> {
    const first = this.#grant;
    this.#grant = undefined;
    try {
      const grant = await (first ?? this.#fetchToken());
      this.#host?.post({ type: 'token', request, grant });
    } catch (thrown) {
      const error = VoiceAgentError.from(thrown);
      this.#tell({ type: 'no-token', detail: error });
      this.#host?.post({ type: 'token', request, error: error.toData() });
    }
  }

  #onStats({ playback, counters }: SessionToPage & { type: 'stats' }): void {
    const outputLatencyMs = this.#audio?.outputLatencyMs ?? 0;
    const { playoutDelayMs: renderedMs } = playback;
    this.#tell({
      type: 'stats',
      detail: {
        ...playback,
        ...counters,
        playoutDelayMs: renderedMs && renderedMs + outputLatencyMs,
        outputLatencyMs,
        startMs: this.#times.sinceClickMs,
        sessionHost: this.#host?.kind ?? 'page',
        worklet: workletWay(),
      },
    });
  }

  #fail(error: VoiceAgentError): void {
    if (this.#plan.session.resumed) this.#startSession();
    const host = this.#host;
    // On the page's thread, the session would immediately report the end that is reported here.
    if (host) host.onmessage = () => undefined;
    this.ask('stop', 'stopped');
    this.#tell({ type: 'failed', detail: { error } });
  }
}
