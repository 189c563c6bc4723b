/** Controls on the same machine and browser, without this project: a bare worklet, Worker and socket that do nothing. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright';
import { WebSocketServer } from 'ws';
import type { Control } from '../support/figures.js';
import { servePage } from '../support/page-server.js';
import { percentile } from './scenario.js';

const EVERY_MS = 50;
/** Size of an audio message. */
const MESSAGE_LETTERS = 3_300;
const ANSWER_MS = 30_000;

/** Lateness of each, in milliseconds, relative to its own best pace. */
export interface Lateness {
  readonly worklet: readonly number[];
  readonly worker: readonly number[];
  readonly socket: readonly number[];
}

export interface RunningControls extends AsyncDisposable {
  /** The measurements since the start. */
  read(): Promise<Lateness>;
}

declare global {
  interface Window {
    controls: { worklet: number[]; worker: number[]; ask(): void };
  }
}

const WORKLET = `registerProcessor('bare', class extends AudioWorkletProcessor {
  constructor() {
    super();
    this.offsets = [];
    this.port.onmessage = () => { this.port.postMessage(this.offsets); this.offsets = []; };
  }
  process() {
    this.offsets.push(Date.now() - (currentFrame / sampleRate) * 1000);
    return true;
  }
})`;
const WORKER = `onmessage = ({ data: { url, everyMs, letters } }) => {
  const text = 'x'.repeat(letters);
  const socket = new WebSocket(url);
  socket.onopen = () => {
    const from = performance.now();
    let count = 0;
    setInterval(() => {
      postMessage(performance.now() - from - ++count * everyMs);
      socket.send(text);
    }, everyMs);
  };
}`;

/** Starts the controls in another page of the same browser. */
export async function startControls(browser: Pick<Browser, 'newPage'>): Promise<RunningControls> {
  const sockets = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(sockets, 'listening');
  const arrivals: number[] = [];
  sockets.on('connection', (socket) => socket.on('message', () => arrivals.push(Date.now())));
  const web = await servePage('<!doctype html><title>Controls</title>');
  const page = await browser.newPage();
  await page.goto(web.url);
  const url = `ws://127.0.0.1:${(sockets.address() as AddressInfo).port}`;
  await page.evaluate(startInPage, {
    worklet: WORKLET,
    worker: WORKER,
    url,
    everyMs: EVERY_MS,
    letters: MESSAGE_LETTERS,
  });
  return {
    async read() {
      const { worklet, worker } = await page.evaluate(async (answerMs) => {
        const { controls } = window;
        controls.ask();
        const untilMs = performance.now() + answerMs;
        while (controls.worklet.length === 0 && performance.now() < untilMs)
          await new Promise((next) => setTimeout(next, 10));
        return { worklet: controls.worklet, worker: controls.worker };
      }, ANSWER_MS);
      if (worklet.length === 0) throw new Error(`The bare worklet did not answer within ${ANSWER_MS} ms.`);
      const socket = arrivals.map((at, index) => at - index * EVERY_MS);
      return { worklet: late(worklet), worker: late(worker), socket: late(socket) };
    },
    async [Symbol.asyncDispose]() {
      await page.close();
      for (const client of sockets.clients) client.terminate();
      sockets.close();
      await web[Symbol.asyncDispose]();
    },
  };
}

/** @param offsets relative to any fixed pace */
function late(offsets: readonly number[]): number[] {
  const earliest = percentile(offsets, 0);
  return offsets.map((offset) => offset - earliest);
}

async function startInPage(setup: {
  readonly worklet: string;
  readonly worker: string;
  readonly url: string;
  readonly everyMs: number;
  readonly letters: number;
}): Promise<void> {
  const address = (source: string) => URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  const context = new AudioContext();
  await context.audioWorklet.addModule(address(setup.worklet));
  const node = new AudioWorkletNode(context, 'bare');
  node.connect(context.destination);
  const worker = new Worker(address(setup.worker));
  window.controls = { worklet: [], worker: [], ask: () => node.port.postMessage('') };
  node.port.onmessage = ({ data }: MessageEvent<number[]>) => {
    // After six minutes, there are more than a call can have arguments.
    for (const offset of data) window.controls.worklet.push(offset);
  };
  worker.onmessage = ({ data }: MessageEvent<number>) => window.controls.worker.push(data);
  worker.postMessage({ url: setup.url, everyMs: setup.everyMs, letters: setup.letters });
}

/**
 * The control for a figure.
 *
 * @param share 0.9 for a median, 1 for a worst case
 * @param limit met by a quiet machine
 */
export function controlOf(lateness: Lateness, which: keyof Lateness, share: number, limit: number): Control {
  const name = share === 1 ? 'worst' : `p${Math.round(share * 100)}`;
  return {
    what: `a bare ${which}, ${name} lateness`,
    limit,
    unit: 'ms',
    value: percentile(lateness[which], share),
  };
}
