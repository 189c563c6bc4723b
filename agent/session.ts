/** One conversation: takes the client's messages and sends the agent's. It may outlive its connection. */
import type { Engine, StreamDecoder } from '../src/engine/create-engine.js';
import type { Clock } from './clock.js';
import { RATE_HZ, sharedEngine, type Encoding } from './encodings.js';
import type { Faults } from './faults.js';
import { Hearing } from './hearing.js';
import { Host, describeSpeech, type HostTurn } from './host.js';
import type { ClientMessage, ErrorCode, ServerMessage } from './protocol.js';
import { seededRandom } from './random.js';
import { canRecognize, echoOf, laterConfig, type SessionConfig } from './session-config.js';
import { Speaker } from './speaker.js';
import { ToolCalls } from './tool-calls.js';
import { DEFAULT_TURN_SETTINGS, TurnDetector, type SpeechMeasure, type TurnEvent } from './turns.js';
import type { Voice } from './voice.js';

/** Where a session's messages go while it is connected. */
export interface SessionOutlet {
  send(message: ServerMessage): void;
  /** Closes after everything sent before. */
  close(code: number, reason: string): void;
}

export interface SessionOptions {
  readonly id: string;
  /** Called for every `session.ready`. */
  readonly mintResumeToken: () => string;
  readonly clock: Clock;
  readonly faults: Faults;
  readonly voice: Pick<Voice, 'speak'>;
  readonly config: SessionConfig;
  /** From the onset of the user's speech to `input.speech.started`, while the agent is silent. */
  readonly startDelayMs: number;
  /** Maximum of the random time added to the delay of a barge-in. */
  readonly interruptionSpreadMs: number;
  /** From the end of the user's turn to `reply.started`, at least. */
  readonly thinkMs: number;
  /** Receives the client's audio, decoded. */
  readonly onAudio: (samples: Float32Array, rateHz: number) => void;
  /** Called once, when the session has ended. */
  readonly onEnd: () => void;
}

const GREETING_DELAY_MS = 150;
const TOOL_ANSWER_DELAY_MS = 250;
const EXPIRES_AFTER_S = 3600;
/** The service's own reaction, to which `interruption_delay` is added. */
const REACTION_MS = 600;
/** The network may deliver two packets together; that is not a burst. */
const AUDIO_TOLERANCE_MS = 100;
/** Minimum interval between reports of dropped audio. */
const RATE_WARNING_MS = 1000;
/** After this long without audio, the user counts as silent. */
const SILENT_LINE_MS = 300;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

export class AgentSession {
  readonly id: string;
  readonly #options: SessionOptions;
  readonly #hearing: Hearing;
  readonly #turns: TurnDetector;
  readonly #host: Host;
  readonly #speaker: Speaker;
  readonly #tools: ToolCalls;
  readonly #startedMs: number;
  #config: SessionConfig;
  readonly #engine: Engine;
  #decoder: StreamDecoder;
  /** Encoding of the decoder's input. */
  #encoding: Encoding;
  #outlet: SessionOutlet | undefined;
  /** How much audio may still arrive ahead of real time. */
  #roomMs: number;
  #warnedMs = Number.NEGATIVE_INFINITY;
  #resumeToken: string;
  #lastAudioMs = Number.NEGATIVE_INFINITY;
  #userItems = 0;
  /** The answer to the latest result of a tool. */
  #toolAnswer: HostTurn | undefined;
  /** `input.speech.started` was sent, `.stopped` was not. */
  #announced = false;
  #ended = false;

  static async create(options: SessionOptions): Promise<AgentSession> {
    return new AgentSession(options, await Hearing.create(), await sharedEngine());
  }

  /** Use {@link AgentSession.create}, which loads the speech detector and the engine. */
  constructor(options: SessionOptions, hearing: Hearing, engine: Engine) {
    const { clock, config, faults, id, voice } = options;
    this.id = id;
    this.#options = options;
    this.#config = config;
    this.#hearing = hearing;
    this.#engine = engine;
    this.#encoding = config.input.format.encoding;
    this.#decoder = engine.createDecoder(this.#encoding);
    this.#hearing.setRate(this.#rateHz);
    this.#startedMs = clock.nowMs();
    this.#roomMs = faults.audioBurstMs;
    this.#resumeToken = options.mintResumeToken();
    this.#turns = new TurnDetector(DEFAULT_TURN_SETTINGS, seededRandom(faults.seed + 3));
    const send = (message: ServerMessage): void => this.#outlet?.send(message);
    const idPrefix = id.slice(0, 8);
    this.#host = new Host(seededRandom(faults.seed));
    this.#tools = new ToolCalls({
      clock,
      idPrefix,
      send,
      onTimeout: (name) => this.#speaker.say(this.#host.toolTimedOut(name), 0),
    });
    this.#speaker = new Speaker({
      clock,
      engine,
      faults,
      voice,
      idPrefix,
      send,
      random: seededRandom(faults.seed + 1),
      config: () => this.#config,
      mustWait: () => this.#turns.hearsVoice && clock.nowMs() - this.#lastAudioMs < SILENT_LINE_MS,
      onCalls: (calls) => calls.forEach((call) => this.#tools.start(call)),
      onFailure: (error) => this.#error('internal_error', `Speech synthesis failed: ${String(error)}`),
    });
    this.#applyInputConfig();
  }

  get config(): SessionConfig {
    return this.#config;
  }

  /** From the latest `session.ready`; earlier tokens are invalid. */
  get resumeToken(): string {
    return this.#resumeToken;
  }

  get ended(): boolean {
    return this.#ended;
  }

  get #rateHz(): number {
    return RATE_HZ[this.#encoding];
  }

  /** Starts a new session on its first connection. */
  open(outlet: SessionOutlet): void {
    this.#outlet = outlet;
    outlet.send({ type: 'session.updated', config: echoOf(this.#config) });
    this.#sendReady();
    const { greeting } = this.#config;
    if (greeting) this.#speaker.say({ text: greeting, calls: [] }, GREETING_DELAY_MS, 'insists');
  }

  /** Continues the session on a new connection. The client still knows its configuration. */
  resume(outlet: SessionOutlet): void {
    this.#outlet = outlet;
    this.#sendReady();
  }

  /** Ends the call from the server's side: sends a whole reply at once, then `session.ended`. */
  endAfterLastReply(): void {
    this.#speaker.sayLast(this.#host.goodbye(), () => this.#end());
  }

  /** True while messages go to this outlet. */
  isConnectedTo(outlet: SessionOutlet): boolean {
    return this.#outlet === outlet;
  }

  /** The connection is gone, and may return. The current reply is lost; tools may still be answered. */
  detach(): void {
    this.#outlet = undefined;
    this.#speaker.stop();
  }

  /** Ends the session without sending anything. */
  dispose(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.detach();
    this.#tools.dropAll();
    this.#hearing.close();
    this.#options.onEnd();
  }

  receive(message: ClientMessage): void {
    switch (message.type) {
      case 'input.audio':
        this.#receiveAudio(message.audio);
        break;
      case 'session.update':
        this.#update(message.session);
        break;
      case 'tool.result':
        this.#receiveToolResult(message.call_id, message.result, message.is_error ?? false);
        break;
      case 'reply.create':
        this.#ask(message.instructions);
        break;
      case 'reply.cancel':
        this.#speaker.cancel(message.reply_id);
        break;
      case 'conversation.message':
        // Accepted, but has no effect, as on the live service.
        break;
      case 'session.end':
        this.#end();
        break;
      case 'session.resume':
        this.#error('invalid_value', 'session.resume must be the first message', 'type');
        break;
    }
  }

  #sendReady(): void {
    this.#resumeToken = this.#options.mintResumeToken();
    const expiresAt = Math.round(this.#options.clock.epochMs() / 1000) + EXPIRES_AFTER_S;
    this.#outlet?.send({
      type: 'session.ready',
      session_id: this.id,
      config: echoOf(this.#config),
      expires_at: expiresAt,
      resume_token: this.#resumeToken,
    });
  }

  #update(update: Record<string, unknown>): void {
    const result = laterConfig(this.#config, update);
    if ('error' in result) {
      this.#error(result.error.code, result.error.message, result.error.param);
      return;
    }
    this.#config = result.config;
    this.#applyInputConfig();
    this.#outlet?.send({ type: 'session.updated', config: echoOf(this.#config) });
  }

  #applyInputConfig(): void {
    const { faults } = this.#options;
    const { format, turn_detection: turns } = this.#config.input;
    if (format.encoding !== this.#encoding) {
      this.#encoding = format.encoding;
      this.#decoder = this.#engine.createDecoder(format.encoding);
      this.#hearing.setRate(this.#rateHz);
    }
    this.#hearing.setThreshold(turns.vad_threshold);
    this.#turns.settings = {
      ...DEFAULT_TURN_SETTINGS,
      startDelayMs: this.#options.startDelayMs / faults.pace,
      minSilenceMs: turns.min_silence / faults.pace,
      interruptionDelayMs: REACTION_MS + turns.interruption_delay,
      interruptionSpreadMs: this.#options.interruptionSpreadMs,
      interruptResponse: turns.interrupt_response,
      alarmDelayMs: faults.speechAlarmMs,
    };
  }

  #receiveAudio(base64: string): void {
    if (!BASE64.test(base64) || base64.length % 4 !== 0) {
      this.#error('invalid_audio', 'audio is not base64', 'audio');
      return;
    }
    if (this.#config.input.type === 'text') return;
    const nowMs = this.#options.clock.nowMs();
    const sinceMs = Math.max(0, nowMs - Math.max(this.#lastAudioMs, this.#startedMs));
    this.#lastAudioMs = nowMs;
    const samples = this.#decoder.decode(Buffer.from(base64, 'base64'));
    const durationMs = (samples.length / this.#rateHz) * 1000;
    this.#roomMs = Math.min(this.#options.faults.audioBurstMs, this.#roomMs + sinceMs);
    if (durationMs > this.#roomMs + AUDIO_TOLERANCE_MS) {
      this.#warnOfRate(nowMs);
      return;
    }
    this.#roomMs -= durationMs;
    this.#options.onAudio(samples, this.#rateHz);
    const { uninterruptible_turns: protectedTurns } = this.#config.input.turn_detection;
    for (const frame of this.#hearing.hear(samples)) {
      const { greeting, speaking } = this.#speaker;
      const mayInterrupt = !(greeting && protectedTurns.includes('greeting'));
      for (const event of this.#turns.hear(frame, speaking, mayInterrupt)) this.#onTurn(event);
    }
  }

  /** Reports audio that was dropped because it arrived too fast. The session continues. */
  #warnOfRate(nowMs: number): void {
    if (nowMs - this.#warnedMs < RATE_WARNING_MS) return;
    this.#warnedMs = nowMs;
    this.#error('audio_rate_violation', 'Audio arrives faster than real time; the excess is dropped');
  }

  #onTurn(event: TurnEvent): void {
    switch (event.type) {
      case 'started':
        // Drop a reply that has not begun: the user continues.
        this.#speaker.hush();
        this.#announce();
        break;
      case 'interrupted':
        this.#announce();
        this.#host.interrupted();
        this.#tools.dropAll();
        this.#speaker.interrupt();
        break;
      case 'alarm':
        this.#announce();
        break;
      case 'alarm-over':
        this.#announceEnd();
        break;
      case 'growing':
        if (canRecognize(this.#config))
          this.#sendUserText('transcript.user.delta', `${describeSpeech(event.speech).slice(0, -1)} …)`);
        break;
      case 'ended':
        this.#endTurn(event.speech);
        break;
    }
  }

  #announce(): void {
    if (this.#announced) return;
    this.#announced = true;
    this.#userItems++;
    this.#outlet?.send({ type: 'input.speech.started' });
  }

  #announceEnd(): void {
    this.#announced = false;
    this.#outlet?.send({ type: 'input.speech.stopped' });
  }

  #endTurn(speech: SpeechMeasure): void {
    this.#announceEnd();
    // Without recognized words there is nothing to answer.
    if (!canRecognize(this.#config)) return;
    this.#sendUserText('transcript.user', describeSpeech(speech));
    this.#speaker.say(this.#host.heard(speech, this.#config.tools), this.#options.thinkMs, 'yields');
  }

  #sendUserText(type: string, text: string): void {
    this.#outlet?.send({ type, item_id: `item_${this.id.slice(0, 8)}_u${this.#userItems}`, text });
  }

  #receiveToolResult(callId: string, result: string, isError: boolean): void {
    const settlement = this.#tools.settle(callId);
    if (settlement.state === 'unknown') {
      this.#error('invalid_value', 'No pending tool call has this id', 'call_id');
    } else if (settlement.state === 'answered') {
      this.#toolAnswer = this.#host.toolAnswered(settlement.name, result, isError);
      this.#speaker.say(this.#toolAnswer, TOOL_ANSWER_DELAY_MS);
    }
  }

  /** Instructions that arrive before the answer to a tool's result begins shape that answer. Later, they are a new turn. */
  #ask(instructions: string | undefined): void {
    const { tools } = this.#config;
    const answer = this.#toolAnswer;
    if (answer && this.#speaker.withdraw(answer)) {
      this.#toolAnswer = this.#host.askedOnResult(instructions, tools, answer);
      this.#speaker.say(this.#toolAnswer, TOOL_ANSWER_DELAY_MS);
    } else {
      this.#speaker.say(this.#host.asked(instructions, tools), this.#options.thinkMs);
    }
  }

  #end(): void {
    this.#speaker.stop();
    const seconds = (this.#options.clock.nowMs() - this.#startedMs) / 1000;
    this.#outlet?.send({
      type: 'session.ended',
      session_duration_seconds: Math.round(seconds * 1000) / 1000,
      audio_duration_seconds: null,
    });
    this.#outlet?.close(1000, '');
    this.dispose();
  }

  #error(code: ErrorCode, message: string, param?: string): void {
    this.#outlet?.send({
      type: 'session.error',
      code,
      message,
      ...(param === undefined ? {} : { param }),
      session_id: this.id,
    });
  }
}
