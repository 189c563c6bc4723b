/** The scripted host: decides what to say from measurements and typed text. The same seed and calls give the same words. */
import {
  AFTER_INTERRUPTION,
  ANSWERS,
  COMPARISONS,
  FIRST_REMARKS,
  HONESTY,
  JOKE_OFFERS,
  JOKES,
  REMARKS,
  STORIES,
  TOOL_ANSWERS,
  TOOL_FILLERS,
  TYPED_ECHOES,
} from './host-lines.js';
import type { ToolConfig } from './protocol.js';
import type { Random } from './random.js';
import { exampleArguments } from './example-arguments.js';
import type { SpeechMeasure } from './turns.js';

export interface PlannedCall {
  readonly name: string;
  readonly arguments: Record<string, unknown>;
  readonly timeoutMs: number;
  /** The service itself answers the call; the client is only informed. */
  readonly serverSide: boolean;
}

export interface HostTurn {
  readonly text: string;
  readonly calls: readonly PlannedCall[];
}

/** Longer results are cut, so that a whole document is never read out. */
const SPOKEN_RESULT_CHARACTERS = 240;
const DEFAULT_TOOL_TIMEOUT_S = 120;
const NOTICEABLE_LEVEL_DB = 4;

function fill(line: string, values: Readonly<Record<string, string>>): string {
  return line.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole).trim();
}

export function describeSeconds(durationMs: number): string {
  const seconds = (Math.max(100, durationMs) / 1000).toFixed(1);
  return seconds === '1.0' ? 'one second' : `${seconds.replace(/\.0$/, '')} seconds`;
}

export function describeLevel(levelDb: number): string {
  if (levelDb > -16) return 'very loud';
  if (levelDb > -24) return 'fairly loud';
  if (levelDb > -34) return 'at an easy level';
  if (levelDb > -44) return 'rather quiet';
  return 'very quiet';
}

/** A transcript without speech recognition: the length and level of the speech. */
export function describeSpeech(speech: SpeechMeasure): string {
  return `(${(speech.durationMs / 1000).toFixed(1)} s of speech, ${describeLevel(speech.levelDb)})`;
}

export class Host {
  readonly #random: Random;
  readonly #used = new Map<readonly string[], string>();
  #turns = 0;
  #previous: SpeechMeasure | undefined;
  #owesJoke = false;
  #wasInterrupted = false;
  /** Tools called in the current turn. */
  readonly #called = new Set<string>();

  constructor(random: Random) {
    this.#random = random;
  }

  /** The answer to speech. */
  heard(speech: SpeechMeasure, tools: readonly ToolConfig[]): HostTurn {
    const remark = this.#remark(speech);
    this.#previous = speech;
    const interrupted = this.#wasInterrupted ? `${this.#pick(AFTER_INTERRUPTION)} ` : '';
    this.#wasInterrupted = false;
    this.#called.clear();
    if (this.#owesJoke) {
      this.#owesJoke = false;
      return say(`${interrupted}${remark} I take that for a yes. ${this.#pick(JOKES)}`);
    }
    switch (this.#turns++ % 4) {
      case 0:
        return say(`${interrupted}${remark} ${this.#pick(HONESTY)}`);
      case 1:
        this.#owesJoke = true;
        return say(`${interrupted}${remark} ${this.#pick(JOKE_OFFERS)}`);
      case 2:
        return tools.length > 0 ? this.#callTool(tools[0]!, remark) : this.#storyAfter(interrupted + remark);
      default:
        return this.#storyAfter(interrupted + remark);
    }
  }

  /** The answer to `reply.create`. Instructions can be read, unlike speech. */
  asked(instructions: string | undefined, tools: readonly ToolConfig[]): HostTurn {
    this.#called.clear();
    if (instructions === undefined || instructions.trim() === '') return say(ANSWERS.prompted);
    const text = quotedPart(instructions);
    if (/\bword for word\b/i.test(instructions)) return say(text);
    const mentioned = this.#mentioned(text, tools);
    if (mentioned) return this.#callTool(mentioned, '');
    const has = (pattern: RegExp): boolean => pattern.test(text);
    if (has(/\bjokes?\b/i)) return say(this.#pick(JOKES));
    if (has(/\b(story|stories)\b/i)) return say(this.#pick(STORIES));
    if (has(/\btools?\b/i)) return tools[0] ? this.#callTool(tools[0], '') : say(TOOL_ANSWERS.none);
    if (has(/\b(help|what can you do)\b/i)) return say(ANSWERS.help);
    if (has(/\b(thanks|thank you)\b/i)) return say(ANSWERS.thanks);
    if (has(/\b(goodbye|bye)\b/i)) return say(ANSWERS.goodbye);
    if (has(/^\W*(hello|hi|hey)\b/i)) return say(ANSWERS.hello);
    return say(fill(this.#pick(TYPED_ECHOES), { text: speakable(text) }));
  }

  /**
   * The answer to `reply.create` after a tool's result. It calls the next tool that the instructions name, but no tool
   * twice in one turn. Without instructions it only reports the result.
   * @param answer the report of the result
   */
  askedOnResult(instructions: string | undefined, tools: readonly ToolConfig[], answer: HostTurn): HostTurn {
    const next = this.#mentioned(quotedPart(instructions ?? ''), tools);
    return next ? this.#callTool(next, answer.text) : say(answer.text);
  }

  toolAnswered(name: string, result: string, isError: boolean): HostTurn {
    const line = isError ? TOOL_ANSWERS.error : TOOL_ANSWERS.result;
    return say(
      fill(line, { tool: speakableName(name), result: speakable(describeJson(JSON.parse(result))) }),
    );
  }

  toolTimedOut(name: string): HostTurn {
    return say(fill(TOOL_ANSWERS.timeout, { tool: speakableName(name) }));
  }

  goodbye(): HostTurn {
    return say(ANSWERS.goodbye);
  }

  /** The next remark mentions the interruption. */
  interrupted(): void {
    this.#wasInterrupted = true;
  }

  #mentioned(text: string, tools: readonly ToolConfig[]): ToolConfig | undefined {
    const words = text.toLowerCase();
    return tools.find(({ name }) => words.includes(name.toLowerCase()) && !this.#called.has(name));
  }

  #callTool(tool: ToolConfig, remark: string): HostTurn {
    this.#called.add(tool.name);
    const serverSide = isServerSide(tool);
    const filler = serverSide ? TOOL_ANSWERS.serverSide : this.#pick(TOOL_FILLERS);
    const call: PlannedCall = {
      name: tool.name,
      arguments: exampleArguments(tool.parameters),
      timeoutMs: (tool.timeout_seconds ?? DEFAULT_TOOL_TIMEOUT_S) * 1000,
      serverSide,
    };
    return { text: `${remark} ${fill(filler, { tool: speakableName(tool.name) })}`.trim(), calls: [call] };
  }

  #storyAfter(remark: string): HostTurn {
    return say(`${remark} ${this.#pick(STORIES)}`);
  }

  #remark(speech: SpeechMeasure): string {
    const values = { seconds: describeSeconds(speech.durationMs), level: describeLevel(speech.levelDb) };
    if (!this.#previous) return fill(this.#pick(FIRST_REMARKS), values);
    return fill(this.#pick(REMARKS), { ...values, comparison: compare(speech, this.#previous) });
  }

  /** Never picks the same line twice in a row. */
  #pick(lines: readonly string[]): string {
    const fresh = lines.length > 1 ? lines.filter((line) => line !== this.#used.get(lines)) : lines;
    const line = fresh[Math.floor(this.#random() * fresh.length)]!;
    this.#used.set(lines, line);
    return line;
  }
}

/** The service itself calls these tools; the client is only informed. */
function isServerSide({ deployment_id: deployment, http, name }: ToolConfig): boolean {
  return (http ?? deployment ?? null) !== null || name.startsWith('aai_');
}

function say(text: string): HostTurn {
  return { text, calls: [] };
}

function compare(speech: SpeechMeasure, previous: SpeechMeasure): string {
  if (speech.durationMs > previous.durationMs * 1.4) return COMPARISONS.longer;
  if (speech.durationMs < previous.durationMs / 1.4) return COMPARISONS.shorter;
  if (speech.levelDb > previous.levelDb + NOTICEABLE_LEVEL_DB) return COMPARISONS.louder;
  if (speech.levelDb < previous.levelDb - NOTICEABLE_LEVEL_DB) return COMPARISONS.quieter;
  return COMPARISONS.same;
}

/** Clients wrap typed text into instructions, usually in quotation marks. Then only the quoted part was typed. */
function quotedPart(instructions: string): string {
  return (/["“”](.+)["“”]/s.exec(instructions)?.[1] ?? instructions).trim();
}

function speakable(text: string): string {
  const plain = text
    .replace(/[{}[\]"<>|\\]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const short =
    plain.length > SPOKEN_RESULT_CHARACTERS ? `${plain.slice(0, SPOKEN_RESULT_CHARACTERS)} and so on` : plain;
  return short.replace(/[.!?\s]+$/, '');
}

function speakableName(name: string): string {
  return name.replace(/[_-]+/g, ' ');
}

function describeJson(value: unknown): string {
  if (Array.isArray(value)) return value.map(describeJson).join(', ');
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .map(([name, entry]) => `${speakableName(name)}: ${describeJson(entry)}`)
      .join(', ');
  }
  return String(value);
}
