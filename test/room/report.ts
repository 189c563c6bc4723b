import { cpus } from 'node:os';
import { percentile } from '../measure/scenario.js';
import { inputDelayMs, thin, type RoundTripOfRun } from './delays.js';
import { lostWords } from './lost-words.js';
import { SECONDS, SENT_RATE_HZ, type BrowserName, type RoomResult } from './one-room.js';
import type { Room } from './rooms.js';
import { selfInterruptions, type Span } from './self-interruptions.js';
import { echoMeasures } from '../../src/session/echo-policy.js';

export interface Row {
  readonly browser: BrowserName;
  readonly room: string;
  readonly kind: Room['kind'];
  readonly agent: string;
  readonly near: string;
  /** From each onset to an attenuation of 12 dB; null if that took longer than a second. */
  readonly downMs: readonly (number | null)[];
  readonly falseDucks: number;
  readonly aloneMinutes: number;
  readonly lostBlocks: number;
  /** Speech of the reply that the worklet did not play, although it was only ducked and held. */
  readonly lostWordsMs: number;
  readonly spokenMs: number;
  readonly roundTripMs: number | undefined;
  readonly roundTripChangedMs: number;
  readonly echoLeakDb: number | undefined;
  readonly load: number;
  readonly echo: string;
  /**
   * By the local agent's detector: of the microphone with the service's defaults; and of what the service received, with the settings
   * for the echo at that time.
   */
  readonly selfInterruptions: readonly [usual: number, adapted: number];
}

export type RoundTrips = {
  readonly [Name in BrowserName]?: { readonly bare: number; readonly rig: number; readonly said: string };
};

const round = (value: number, digits = 0) => Number(value.toFixed(digits));

/** When only the agent spoke. @param inMs added to a time of the room */
function aloneSpans({ near }: RoomResult, inMs: number): Span[] {
  const bounds = near.map(({ onsetMs, endMs }) => [onsetMs + inMs - 50, endMs + inMs + 600] as const);
  return [...bounds, undefined].map((next, i) => ({
    fromMs: bounds[i - 1]?.[1] ?? 0,
    toMs: next?.[0] ?? SECONDS * 1_000,
  }));
}

/** @param adapts what the service received, with the settings for the echo; otherwise the microphone, with the usual ones */
function takenForTheUser(result: RoomResult, adapts: boolean): Promise<number> {
  const { microphone: samples, rateHz } = result.tapped;
  const heard = adapts ? result.received : { samples, rateHz };
  const inMs = inputDelayMs(result, heard);
  const asked = result.assessments.map(({ fromMs, echo }) => ({
    fromMs: fromMs + inMs,
    ...echoMeasures(echo, 500),
  }));
  return selfInterruptions(heard, aloneSpans(result, inMs), adapts ? asked : []);
}

export async function rowOf(result: RoomResult, roundTrip: RoundTripOfRun, load: number): Promise<Row> {
  const { tapped, sent } = result;
  const words = lostWords(thin(sent, SENT_RATE_HZ), thin(tapped.speaker, tapped.rateHz));
  const { cast, downMs, falseDucks, aloneMinutes, lostBlocks, echoLeakDb } = result;
  return {
    browser: cast.browser,
    room: cast.room.name,
    kind: cast.room.kind,
    agent: cast.agent.name,
    near: cast.near.name,
    downMs: downMs.map((ms) => ms ?? null),
    falseDucks,
    aloneMinutes: round(aloneMinutes, 2),
    lostBlocks,
    lostWordsMs: words.lostMs,
    spokenMs: words.spokenMs,
    roundTripMs: roundTrip.ms === undefined ? undefined : round(roundTrip.ms),
    roundTripChangedMs: round(roundTrip.changedMs),
    echoLeakDb: echoLeakDb === undefined ? undefined : round(echoLeakDb),
    load: round(load, 1),
    echo: result.echo,
    selfInterruptions: [await takenForTheUser(result, false), await takenForTheUser(result, true)],
  };
}

/** Audio was lost, or its delay changed by more than a canceller's own 10 ms. */
export function isDisturbed({ lostBlocks, roundTripChangedMs }: Row): boolean {
  return lostBlocks > 10 || roundTripChangedMs > 15;
}

const ms = (value: number | undefined) =>
  value === undefined || Number.isNaN(value) ? '–' : String(round(value));

/**
 * A missed onset counts as later than any other.
 * @param withTrip including the round trip of browser and rig, or only detector and canceller
 */
function share(rows: readonly Row[], part: number, withTrip = true): string {
  const all = rows.flatMap(({ downMs, roundTripMs = NaN }) =>
    downMs.map((value) => (value === null ? Infinity : Math.max(0, value - (withTrip ? 0 : roundTripMs)))),
  );
  const value = percentile(
    all.filter((one) => !Number.isNaN(one)),
    part,
  );
  return value === Infinity ? 'missed' : `${ms(value)} ms`;
}

function missed(rows: readonly Row[]): string {
  const all = rows.flatMap(({ downMs }) => downMs);
  const count = all.filter((value) => value === null).length;
  return `${count} of ${all.length} (${((100 * count) / Math.max(1, all.length)).toFixed(1)} %)`;
}

function falseRate(rows: readonly Row[]): string {
  const count = rows.reduce((sum, { falseDucks }) => sum + falseDucks, 0);
  const minutes = rows.reduce((sum, { aloneMinutes }) => sum + aloneMinutes, 0);
  return `${count} in ${minutes.toFixed(1)} min (${((10 * count) / Math.max(0.01, minutes)).toFixed(1)} in 10)`;
}

function lostRate(rows: readonly Row[]): string {
  const lostMs = rows.reduce((sum, row) => sum + row.lostWordsMs, 0);
  const spokenMs = rows.reduce((sum, row) => sum + row.spokenMs, 0);
  return `${lostMs} ms in ${(spokenMs / 60_000).toFixed(1)} min of speech`;
}

function selfRate(rows: readonly Row[], which: 0 | 1): string {
  const count = rows.reduce((sum, row) => sum + row.selfInterruptions[which], 0);
  const minutes = rows.reduce((sum, { aloneMinutes }) => sum + aloneMinutes, 0);
  return `${count} in ${minutes.toFixed(1)} min`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function summary(rows: readonly Row[]): string {
  const of = (kind: Room['kind']) => rows.filter((row) => row.kind === kind);
  return table(
    ['', 'measured', 'reach'],
    [
      ['onset → 12 dB down, median', share(rows, 0.5), '150 ms'],
      ['– less the round trip of browser and rig, median', share(rows, 0.5, false), '–'],
      ['onset → 12 dB down, 19 of 20', share(rows, 0.95), '250 ms'],
      ['missed onsets', missed(rows), '5 %'],
      ['false ducks, ordinary rooms', falseRate(of('ordinary')), '1 in 10 min'],
      ['false ducks, worst rooms', falseRate(of('worst')), '3 in 10 min'],
      ['ducks for music and a second voice', falseRate(of('others')), '–'],
      ['words lost by ducks and holds', lostRate(rows), 'none'],
      ['local agent interrupted by its own voice, usual settings', selfRate(rows, 0), '–'],
      ['– with everything that is done about the echo', selfRate(rows, 1), 'a tenth'],
    ],
  );
}

function details(rows: readonly Row[]): string {
  const cells = (row: Row) => [
    `${row.room}${isDisturbed(row) ? ' *' : ''}`,
    row.agent,
    row.near,
    row.downMs.map((value) => (value === null ? '–' : ms(value))).join(' '),
    `${row.falseDucks} in ${row.aloneMinutes}`,
    `${ms(row.roundTripMs)} ms`,
    `${row.echoLeakDb ?? '–'} dB`,
    `${row.echo}, ${row.selfInterruptions.join(' → ')}`,
    `${row.lostWordsMs} ms`,
    String(row.lostBlocks),
    row.load.toFixed(1),
  ];
  return table(
    [
      'room',
      'agent',
      'near',
      'onset → 12 dB down, ms (–: missed)',
      'false ducks in min',
      'round trip',
      'leak',
      'echo, self-interruptions',
      'words lost',
      'blocks late',
      'load',
    ],
    rows.map(cells),
  );
}

export function reportOf(
  rows: readonly Row[],
  trips: RoundTrips,
  source: string,
  options: readonly string[],
): string {
  const machine = `Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown processor'}`;
  const browsers = [...new Set(rows.map(({ browser }) => browser))];
  const ways = Object.entries(trips).map(([name, { bare, rig, said }]) => [
    name,
    `${ms(bare)} ms`,
    `${ms(rig)} ms`,
    said,
  ]);
  return `# Ducking in rooms with real echo cancellers

Written by \`npm run room${options.map((option) => ` ${option}`).join('')}\`: the built element in Chromium and Firefox, in calls over a simulated room
([rooms.ts](rooms.ts)) between PulseAudio's loudspeaker and microphone; the browsers' own cancellers are active. An agent talks
continuously, and a near voice speaks six times, at 0, −6, +3, 0, −3 and 0 dB of the room's near level. Voices: ${source} ([voices.ts](voices.ts)).

An onset is the first 10 ms within 20 dB of the utterance's loudest, at the microphone. The agent is down at the end of the last 5 ms
in which the loudspeaker played it louder than 12 dB below the original reply. So every buffer of the browser and of this
rig is included. A false duck is one that begins without near speech. Words are lost if the worklet played less than all of the reply's
speech up to the end of the call, whatever it ducked and held in between ([lost-words.ts](lost-words.ts)).

\\* Disturbed: audio was lost, or the delay changed during the call by more than 15 ms, in two attempts, because the machine could not\nkeep up. Such runs count like the others.

Machine: ${machine}. The load counts the processes that wanted to run, for each core, over the last minute.

${browsers.map((name) => `## ${name}\n\n${summary(rows.filter(({ browser }) => browser === name))}`).join('\n\n')}

## Where the time goes

A click from a bare worklet back to itself, without a canceller: with the loudspeaker's monitor as the microphone, and through
the room program. The difference is added by this rig. The round trip of each room below is measured during the call, with the
canceller.

${table(['browser', 'bare', 'through the rig', 'the context says'], ways)}

${browsers.map((name) => `## Rooms, ${name}\n\n${details(rows.filter(({ browser }) => browser === name))}`).join('\n\n')}
`;
}
