import type { AgentEventEmitter } from '../../../agent/events.js';
import type { TranscriptUpdate } from '../../../src/session/events.js';
import { median } from '../../support/statistics.js';
import { heardSteps } from '../../support/stepped-tone.js';
import { joinSamples } from '../../support/tones.js';

export interface Sample {
  readonly heapMb: number;
  /** Of the Worker that runs the session. */
  readonly workerMb: number;
  readonly rendererMb: number;
  readonly workers: number;
}

export interface PageAfterwards {
  readonly liveTracks: number;
  readonly events: readonly { readonly type: string; readonly detail: unknown }[];
}

/** Growth from the second third to the last that counts as a leak. In the first third, caches and collectors settle. */
const MAX_HEAP_GROWTH_MB = 1;
/** The rendered transcript grows until it has a thousand entries: 10 MB. */
const MAX_RENDERER_GROWTH_MB = 12;

/** Frequencies of the scales, above those that are detected as a voice. */
export const FIRST_STEP = 3;
export const LAST_STEP = 14;
/** Messages that were sent this shortly before a drop may be lost in the old socket. */
const IN_FLIGHT_MS = 250;

/** An answer of the agent, with its time. */
interface Said {
  readonly replyId: string;
  readonly text: string;
  /** The text is the spoken part. */
  readonly interrupted: boolean;
  readonly connectionId: number;
  readonly atMs: number;
}

/** Records a long call, and checks it. */
export class SoakRecord {
  workersLeft = 0;
  readonly #samples: Sample[] = [];
  readonly #lines: number[] = [];
  readonly #told: string[] = [];
  readonly #problems: string[] = [];
  readonly #opened = new Set<number>();
  readonly #closed = new Map<number, number>();
  readonly #said: Said[] = [];
  readonly #sound: Float32Array[] = [];
  #rateHz = 0;
  #scales = 0;
  #sessionEnds = 0;
  #afterwards: PageAfterwards | undefined;

  constructor(events: AgentEventEmitter) {
    events.on('connection', ({ connectionId }) => this.#opened.add(connectionId));
    events.on('disconnection', ({ connectionId, atMs }) => this.#closed.set(connectionId, atMs));
    events.on('input-audio', ({ samples, rateHz }) => {
      this.#rateHz = rateHz;
      this.#sound.push(samples);
    });
    events.on('server-message', ({ message, connectionId, atMs }) => {
      const { type, reply_id, text } = message;
      const interrupted = message.interrupted === true;
      if (type === 'transcript.agent')
        this.#said.push({ replyId: String(reply_id), text: String(text), interrupted, connectionId, atMs });
    });
    events.on('client-message', ({ message, text, unknownFields }) => {
      if (message === undefined || unknownFields.length > 0)
        this.addProblem(`bad message: ${text.slice(0, 120)}`);
      if (message?.type === 'conversation.message') this.#told.push(message.content);
      if (message?.type === 'session.end') this.#sessionEnds++;
    });
  }

  typed(line: number): void {
    this.#lines.push(line);
  }

  /** This many scales were complete; another one may have begun. */
  whistled(scales: number): void {
    this.#scales = scales;
  }

  sample(sample: Sample): void {
    this.#samples.push(sample);
    const [heap, worker] = [sample.heapMb.toFixed(2), sample.workerMb.toFixed(2)];
    console.log(
      `line ${this.#lines.length}: heap ${heap} MB, Worker's ${worker} MB, renderer ${sample.rendererMb.toFixed(0)} MB, ` +
        `workers ${sample.workers}, connections ${this.#opened.size}`,
    );
  }

  addProblem(problem: string): void {
    if (this.#problems.length < 20) this.#problems.push(problem);
  }

  ended(afterwards: PageAfterwards): void {
    this.#afterwards = afterwards;
  }

  judge(minutes: number): boolean {
    const page = this.#afterwards;
    if (!page) throw new Error('The call did not end.');
    const count = (type: string) => page.events.filter((event) => event.type === type).length;
    const transcript = page.events
      .filter(({ type }) => type === 'transcript')
      .map(({ detail }) => detail as TranscriptUpdate);
    const sentAgain = this.#judgeLines(transcript);
    const answers = this.#judgeAnswers(transcript);
    const steps = this.#judgeSound();
    const heap = this.#growth(({ heapMb }) => heapMb);
    const worker = this.#growth(({ workerMb }) => workerMb);
    const renderer = this.#growth(({ rendererMb }) => rendererMb);
    if (heap.grownMb > MAX_HEAP_GROWTH_MB) this.addProblem(`heap grew by ${heap.grownMb.toFixed(2)} MB`);
    if (worker.grownMb > MAX_HEAP_GROWTH_MB)
      this.addProblem(`the Worker's heap grew by ${worker.grownMb.toFixed(2)} MB`);
    if (renderer.grownMb > MAX_RENDERER_GROWTH_MB)
      this.addProblem(`renderer grew by ${renderer.grownMb.toFixed(0)} MB`);
    const openSockets = [...this.#opened].filter((id) => !this.#closed.has(id)).length;
    if (openSockets > 0) this.addProblem(`${openSockets} sockets left open`);
    if (this.workersLeft > 0) this.addProblem(`${this.workersLeft} workers left`);
    if (page.liveTracks > 0) this.addProblem(`${page.liveTracks} tracks left`);
    if (this.#samples.some(({ workers }) => workers !== 1)) this.addProblem('not always one worker');
    if (this.#sessionEnds !== 1) this.addProblem(`${this.#sessionEnds} session.end messages`);
    const seconds = minutes * 60;
    const soundS = this.#sound.reduce((sum, { length }) => sum + length, 0) / this.#rateHz;
    console.log(`
minutes                      ${minutes}
connections / cuts           ${this.#opened.size} / ${this.#opened.size - 1}
sessions ready               ${count('session-ready')}
lines typed / told / again   ${this.#lines.length} / ${this.#told.length} / ${sentAgain}
scales whistled, steps heard ${this.#scales}, ${steps}
answers sent / in flight     ${this.#said.length} / ${this.#said.length - answers}
microphone sound received    ${soundS.toFixed(1)} s (${((soundS / seconds) * 100).toFixed(1)} % of the time typed in)
interruptions                ${count('interruption')}
errors told                  ${count('agent-error')} ${page.events
      .filter(({ type }) => type === 'agent-error')
      .map(({ detail }) => (detail as { code: string }).code)
      .join(', ')}
page heap, MB                ${heap.text}
Worker's heap, MB            ${worker.text}
renderer resident, MB        ${renderer.text}
sockets, workers, tracks left ${openSockets}, ${this.workersLeft}, ${page.liveTracks}
problems                     ${this.#problems.length === 0 ? 'none' : `\n  ${this.#problems.join('\n  ')}`}`);
    return this.#problems.length === 0;
  }

  /** Each line was shown and sent once, or twice and marked, if a drop may have lost it. @returns the number of marked lines */
  #judgeLines(transcript: readonly TranscriptUpdate[]): number {
    const marked = transcript.filter(({ sentAgain }) => sentAgain).map(({ text }) => text);
    const shown = transcript.filter(({ sentAgain }) => !sentAgain).map(({ text }) => text);
    const count = (texts: readonly string[], text: string) => texts.filter((other) => other === text).length;
    for (const line of this.#lines) {
      const text = `Line number ${line}.`;
      const again = count(marked, text);
      const told = count(this.#told, text);
      if (count(shown, text) !== 1 || again > 1) this.addProblem(`not once in the transcript: ${text}`);
      if (told < 1 || told > 1 + again) this.addProblem(`told ${told} times: ${text}`);
    }
    return marked.length;
  }

  /** Everything that the agent said is in the transcript, heard or unheard. @returns the number of answers */
  #judgeAnswers(transcript: readonly TranscriptUpdate[]): number {
    const words = (text: string) => text.split(/\s+/).filter(Boolean).join(' ');
    const arrived = this.#said.filter(({ connectionId, atMs }) => {
      return (this.#closed.get(connectionId) ?? Infinity) - atMs > IN_FLIGHT_MS;
    });
    for (const { replyId, text, interrupted } of arrived) {
      const shown = transcript.findLast((update) => update.replyId === replyId);
      const whole = words(`${shown?.text ?? ''} ${shown?.unheardText ?? ''}`);
      const isThere = interrupted ? whole.startsWith(words(text)) : whole === words(text);
      if (!isThere) this.addProblem(`${replyId} said "${text}", and shown is "${whole}"`);
    }
    return arrived.length;
  }

  /**
   * Every step of every scale arrived, in order. Steps that were on their way during a drop may arrive twice.
   * @returns the number of steps, and how many of them arrived twice
   */
  #judgeSound(): string {
    const perScale = LAST_STEP + 1 - FIRST_STEP;
    const whistled = this.#scales * perScale;
    const steps = heardSteps({ rateHz: this.#rateHz, samples: joinSamples(this.#sound) });
    let heard = 0;
    let again = 0;
    for (const step of steps.filter((any) => any >= FIRST_STEP && any <= LAST_STEP)) {
      const next = FIRST_STEP + (heard % perScale);
      if (step === next) heard++;
      else if (step < next || next === FIRST_STEP) again++;
      else {
        this.addProblem(`scale ${Math.floor(heard / perScale) + 1} goes from step ${next - 1} to ${step}`);
        heard += step + 1 - next;
      }
    }
    if (heard < whistled) this.addProblem(`${heard} steps of ${whistled} were heard`);
    return `${heard}, ${again} of them again`;
  }

  /** Medians of thirds, because single samples are noisy. */
  #growth(read: (sample: Sample) => number) {
    const values = this.#samples.map(read);
    const third = Math.max(1, Math.floor(values.length / 3));
    const medians = [values.slice(0, third), values.slice(third, 2 * third), values.slice(-third)].map(
      median,
    );
    const [, middle = NaN, late = NaN] = medians;
    const text = `${medians.map((value) => value.toFixed(2)).join(' → ')} (${values.length} samples)`;
    return { grownMb: late - middle, text };
  }
}
