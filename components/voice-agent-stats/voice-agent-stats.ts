import { html, nothing, type TemplateResult } from 'lit';
import type { ConversationListeners } from '../conversation/conversation-consumer.js';
import type { ConversationStore } from '../conversation/conversation-store.js';
import { AgentPart } from '../extras/agent-part.js';
import { extrasStyles } from '../extras/extras.styles.js';
import { tokens } from '../themes/tokens.styles.js';
import type { StatsDetail } from '../../src/index.js';
import { HISTORY_LENGTH, sparkline } from './sparkline.js';
import { voiceAgentStatsStyles } from './voice-agent-stats.styles.js';

const NONE = '–';

interface Reading {
  readonly name: string;
  readonly value: string;
  readonly histories?: readonly (readonly number[])[];
}

/** The values with a sparkline: one number per second, oldest first. */
interface Histories {
  readonly response: readonly number[];
  readonly playout: readonly number[];
  readonly depth: readonly number[];
  readonly target: readonly number[];
}

const EMPTY: Histories = { response: [], playout: [], depth: [], target: [] };

/**
 * @summary Latency and quality of a call, for developers, updated once a second. A plain table for assistive technology.
 *
 * @tag voice-agent-stats
 *
 * @csspart table - The whole table.
 * @csspart sparkline - The curve of the last minute.
 */
export class VoiceAgentStatsElement extends AgentPart {
  static override readonly styles = [tokens, extrasStyles, voiceAgentStatsStyles];

  #stats: StatsDetail | undefined;
  #histories = EMPTY;

  protected override listeners(): ConversationListeners {
    return {
      'state-change': ({ state }) => {
        if (state === 'connecting') this.#forget();
      },
      stats: (stats) => this.#note(stats),
    };
  }

  protected override storeChanged(
    store: ConversationStore | undefined,
    previous: ConversationStore | undefined,
  ): void {
    if (store && previous) this.#forget();
  }

  protected override render(): TemplateResult {
    const { messages } = this;
    return html`<table part="table" translate="no">
      <caption>
        ${messages.quality}
      </caption>
      <thead class="vh">
        <tr>
          <th scope="col">${messages.reading}</th>
          <th scope="col">${messages.now}</th>
          <th scope="col">${messages.lastMinute}</th>
        </tr>
      </thead>
      <tbody>
        ${this.#readings().map(
          ({ name, value, histories }) =>
            html`<tr>
              <th scope="row">${name}</th>
              <td><bdi>${value}</bdi></td>
              <td>${histories ? sparkline(histories) : nothing}</td>
            </tr>`,
        )}
      </tbody>
    </table>`;
  }

  #readings(): Reading[] {
    const { messages } = this;
    const stats = this.#stats;
    const { response, playout, depth, target } = this.#histories;
    const host = stats && (stats.sessionHost === 'worker' ? messages.inWorker : messages.inPage);
    return [
      { name: messages.responseTime, value: ms(stats?.responseLatencyMs), histories: [response] },
      { name: messages.playoutDelay, value: ms(stats?.playoutDelayMs), histories: [playout] },
      {
        name: messages.bufferDepth,
        value: stats ? `${Math.round(stats.depthMs)} / ${ms(stats.targetMs)}` : NONE,
        histories: [depth, target],
      },
      { name: messages.captureDelay, value: ms(stats?.captureDelayMs) },
      { name: messages.deviceDelay, value: ms(stats?.outputLatencyMs) },
      { name: messages.gaps, value: stats ? `${stats.underruns} (${ms(stats.concealedMs)})` : NONE },
      { name: messages.packetsLost, value: stats ? `${stats.packetsSent} / ${stats.packetsDropped}` : NONE },
      { name: messages.flushTime, value: ms(stats?.flushRoundTripMs) },
      { name: messages.startTimes, value: startText(stats?.startMs) },
      { name: messages.session, value: host ?? NONE },
      { name: messages.worklet, value: stats?.worklet ?? NONE },
    ];
  }

  #note(stats: StatsDetail): void {
    const { response, playout, depth, target } = this.#histories;
    this.#stats = stats;
    this.#histories = {
      response: after(response, stats.responseLatencyMs),
      playout: after(playout, stats.playoutDelayMs),
      depth: after(depth, stats.depthMs),
      target: after(target, stats.targetMs),
    };
    this.requestUpdate();
  }

  #forget(): void {
    this.#stats = undefined;
    this.#histories = EMPTY;
    this.requestUpdate();
  }
}

function after(history: readonly number[], value: number | undefined): readonly number[] {
  return value === undefined ? history : [...history, value].slice(-HISTORY_LENGTH);
}

/**
 * To `session.ready` and to the first audible sample of the agent; the browser's performance tools have the other
 * stages.
 */
function startText(startMs: StatsDetail['startMs'] | undefined): string {
  return startMs?.ready === undefined ? NONE : `${Math.round(startMs.ready)} / ${ms(startMs['first-sound'])}`;
}

function ms(value: number | undefined): string {
  return value === undefined ? NONE : `${Math.round(value)} ms`;
}
