import type { AgentEventEmitter } from '../../../agent/events.js';

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

/** Growth from the second third to the last that counts as a leak; in the first one caches and lazy collectors settle. */
const MAX_HEAP_GROWTH_MB = 1;
const MAX_RENDERER_GROWTH_MB = 8;

/** What happened in a long call, and whether it is as it should be. */
export class SoakRecord {
  workersLeft = 0;
  readonly #samples: Sample[] = [];
  readonly #lines: number[] = [];
  readonly #told: string[] = [];
  readonly #problems: string[] = [];
  readonly #opened = new Set<number>();
  readonly #closed = new Set<number>();
  #soundMs = 0;
  #goodbyes = 0;
  #afterwards: PageAfterwards | undefined;

  constructor(events: AgentEventEmitter) {
    events.on('connection', ({ connectionId }) => this.#opened.add(connectionId));
    events.on('disconnection', ({ connectionId }) => this.#closed.add(connectionId));
    events.on('input-audio', ({ samples, rateHz }) => (this.#soundMs += (samples.length / rateHz) * 1_000));
    events.on('client-message', ({ message, text, unknownFields }) => {
      if (message === undefined || unknownFields.length > 0)
        this.complain(`bad message: ${text.slice(0, 120)}`);
      if (message?.type === 'conversation.message') this.#told.push(message.content);
      if (message?.type === 'session.end') this.#goodbyes++;
    });
  }

  typed(line: number): void {
    this.#lines.push(line);
  }

  sample(sample: Sample): void {
    this.#samples.push(sample);
    const [heap, worker] = [sample.heapMb.toFixed(2), sample.workerMb.toFixed(2)];
    console.log(
      `line ${this.#lines.length}: heap ${heap} MB, Worker's ${worker} MB, renderer ${sample.rendererMb.toFixed(0)} MB, ` +
        `workers ${sample.workers}, connections ${this.#opened.size}`,
    );
  }

  complain(problem: string): void {
    if (this.#problems.length < 20) this.#problems.push(problem);
  }

  ended(afterwards: PageAfterwards): void {
    this.#afterwards = afterwards;
  }

  judge(minutes: number): boolean {
    const page = this.#afterwards;
    if (!page) throw new Error('The call did not end.');
    const count = (type: string) => page.events.filter((event) => event.type === type).length;
    const written = page.events
      .filter(({ type }) => type === 'transcript')
      .map(({ detail }) => (detail as { text: string }).text);
    for (const line of this.#lines) {
      const text = `Line number ${line}.`;
      if (written.filter((other) => other === text).length !== 1)
        this.complain(`not once in the transcript: ${text}`);
      if (this.#told.filter((other) => other === text).length !== 1) this.complain(`not told once: ${text}`);
    }
    const heap = this.#growth(({ heapMb }) => heapMb);
    const worker = this.#growth(({ workerMb }) => workerMb);
    const renderer = this.#growth(({ rendererMb }) => rendererMb);
    if (heap.grownMb > MAX_HEAP_GROWTH_MB) this.complain(`heap grew by ${heap.grownMb.toFixed(2)} MB`);
    if (worker.grownMb > MAX_HEAP_GROWTH_MB)
      this.complain(`the Worker's heap grew by ${worker.grownMb.toFixed(2)} MB`);
    if (renderer.grownMb > MAX_RENDERER_GROWTH_MB)
      this.complain(`renderer grew by ${renderer.grownMb.toFixed(0)} MB`);
    const openSockets = [...this.#opened].filter((id) => !this.#closed.has(id)).length;
    if (openSockets > 0) this.complain(`${openSockets} sockets left open`);
    if (this.workersLeft > 0) this.complain(`${this.workersLeft} workers left`);
    if (page.liveTracks > 0) this.complain(`${page.liveTracks} tracks left`);
    if (this.#samples.some(({ workers }) => workers !== 1)) this.complain('not always one worker');
    if (this.#goodbyes !== 1) this.complain(`${this.#goodbyes} goodbyes`);
    const seconds = minutes * 60;
    console.log(`
minutes                      ${minutes}
connections / cuts           ${this.#opened.size} / ${this.#opened.size - 1}
sessions ready               ${count('session-ready')}
lines typed / told / written ${this.#lines.length} / ${this.#told.length} / ${written.length}
microphone sound received    ${(this.#soundMs / 1_000).toFixed(1)} s (${(this.#soundMs / 10 / seconds).toFixed(1)} % of the time typed in)
interruptions                ${count('interruption')}
errors told                  ${count('agent-error')}
page heap, MB                ${heap.text}
Worker's heap, MB            ${worker.text}
renderer resident, MB        ${renderer.text}
sockets, workers, tracks left ${openSockets}, ${this.workersLeft}, ${page.liveTracks}
problems                     ${this.#problems.length === 0 ? 'none' : `\n  ${this.#problems.join('\n  ')}`}`);
    return this.#problems.length === 0;
  }

  /** Medians of thirds, since single samples are noisy. */
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

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;
}
