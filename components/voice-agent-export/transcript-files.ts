import type { Role, TranscriptEntry } from '../../src/index.js';
import { clockText } from '../parts/conversation-view.js';
import type { EntryTimes } from './entry-times.js';

/** An utterance with its times, as written to a file. */
export interface TimedEntry {
  readonly entry: TranscriptEntry;
  readonly times: EntryTimes;
}

/** Texts for a file, in the visitor's language. */
export interface FileWords {
  readonly title: string;
  readonly names: Readonly<Record<Role, string>>;
  readonly interrupted: string;
  /** BCP 47; for dates. */
  readonly language?: string | undefined;
}

/** Shorter captions cannot be read. */
const LEAST_CAPTION_MS = 700;

/** In the order in which they began. An utterance without a time starts where the previous one ended. */
export function timed(
  entries: readonly TranscriptEntry[],
  timesOf: (key: string) => EntryTimes | undefined,
): TimedEntry[] {
  let lastEndMs = 0;
  return entries
    .map((entry) => {
      const times = timesOf(entry.key) ?? { startMs: lastEndMs, endMs: lastEndMs };
      lastEndMs = times.endMs;
      return { entry, times };
    })
    .sort((a, b) => a.times.startMs - b.times.startMs);
}

/** Only what was heard: words that were never audible were not said. */
function said(entries: readonly TimedEntry[]): TimedEntry[] {
  return entries.filter(({ entry }) => !entry.unspoken && entry.text.trim() !== '');
}

function line(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** Plain text: one line per utterance. */
export function textFile(entries: readonly TimedEntry[], startedAt: Date, words: FileWords): string {
  const lines = said(entries).map(({ entry, times }) => {
    const note = entry.interrupted ? ` – [${words.interrupted}]` : '';
    return `[${clockText(Math.floor(times.startMs / 1_000))}] ${words.names[entry.role]}: ${line(entry.text)}${note}`;
  });
  return [`${words.title}, ${dateText(startedAt, words.language)}`, '', ...lines, ''].join('\n');
}

/** WebVTT: captions for a recording of the call, with the speaker as voice tag. */
export function captionsFile(entries: readonly TimedEntry[], words: FileWords): string {
  const cues = said(entries).map(({ entry, times: { startMs, endMs } }, index) => {
    const note = entry.interrupted ? ` <i>[${escape(words.interrupted)}]</i>` : '';
    const end = Math.max(endMs, startMs + LEAST_CAPTION_MS);
    const voice = words.names[entry.role];
    return [
      String(index + 1),
      `${timestamp(startMs)} --> ${timestamp(end)}`,
      `<v ${escape(voice)}>${escape(line(entry.text))}${note}`,
    ].join('\n');
  });
  return ['WEBVTT', ...cues, ''].join('\n\n');
}

/** JSON: all data; unheard words have their own fields. */
export function dataFile(entries: readonly TimedEntry[], startedAt: Date): string {
  const rows = entries.map(({ entry, times }) => ({
    role: entry.role,
    text: entry.unspoken ? '' : entry.text,
    startMs: times.startMs,
    endMs: times.endMs,
    final: entry.final,
    interrupted: entry.interrupted,
    ...unheard(entry),
  }));
  const file = {
    format: 'voice-agent-transcript',
    version: 1,
    startedAt: startedAt.toISOString(),
    entries: rows,
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

function unheard({ unspoken, text, unheardText }: TimedEntry['entry']): { unheardText?: string } {
  const words = unspoken ? text : unheardText;
  return words ? { unheardText: words } : {};
}

function dateText(date: Date, language: string | undefined): string {
  try {
    return date.toLocaleString(language);
  } catch {
    // An invalid `lang`.
    return date.toLocaleString();
  }
}

/** `hh:mm:ss.ttt` */
function timestamp(ms: number): string {
  const part = (value: number, digits: number): string => String(Math.floor(value)).padStart(digits, '0');
  const [hours, minutes, seconds] = [ms / 3_600_000, (ms / 60_000) % 60, (ms / 1000) % 60];
  return `${part(hours, 2)}:${part(minutes, 2)}:${part(seconds, 2)}.${part(ms % 1000, 3)}`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
