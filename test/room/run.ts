/**
 * `npm run room`: how soon the agent ducks when the user speaks, in rooms with real echo cancellers, and how often it
 * ducks without speech. Writes `results.md` in this folder, and with `--blocked`, which blocks the page for 500 ms at every onset,
 * `results-blocked.md`. `--rooms a,b`, `--browsers Firefox`, `--barge-in server` and `--shift N` (other voices) run a part or a variant
 * and print it. `--keep FOLDER` keeps the recordings.
 * `--resume` continues a run that was interrupted. `--sound-server-ms 10` requests less latency than browsers do by default, which
 * makes Chromium's round trip up to 25 ms shorter. On a busy machine it causes gaps, which disturb the canceller.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { machineLoad } from '../support/figures.js';
import { openFirefox } from '../cross-browser/firefox-page.js';
import { startPulseAudio, type PulseAudio } from '../cross-browser/pulse-audio.js';
import { openChromium } from './chromium-page.js';
import { roundTripOf } from './delays.js';
import { measureRoom, type BrowserName, type Cast } from './one-room.js';
import { raisePriority, requirePrograms, runProgram } from './programs.js';
import { isDisturbed, reportOf, rowOf, type Row, type RoundTrips } from './report.js';
import { throughTheRoom } from './neutral-room.js';
import { beginProgress, saveProgress } from './progress.js';
import { measureRoundTrip } from './round-trip.js';
import { ROOMS } from './rooms.js';
import { prepareVoices, type Voices } from './voices.js';
import { ROOM_RATE_HZ } from './room-model.js';

/** A run in which the machine could not keep up is repeated once, and marked if that fails, too. */
const ATTEMPTS = 2;
const BROWSERS: readonly BrowserName[] = ['Chromium', 'Firefox'];

/** No run is repeated after this, so that all rooms take less than 25 min. */
const REPEAT_UNTIL_MINUTES = 20;

interface Devices extends AsyncDisposable {
  readonly pulse: PulseAudio;
  /** The same sound server, for browsers. */
  readonly forBrowsers: PulseAudio;
  readonly fifo: string;
}

/** A loudspeaker, and a microphone that reads a pipe. @param soundServerMs the latency that browsers request */
async function openDevices(soundServerMs: string | undefined): Promise<Devices> {
  const folder = await mkdtemp(join(tmpdir(), 'room-'));
  const fifo = join(folder, 'microphone');
  const format = `rate=${ROOM_RATE_HZ} channels=1 format=float32le`;
  const pulse = await startPulseAudio([
    `module-pipe-source source_name=microphone file=${fifo} ${format}`,
    'module-remap-source source_name=monitor master=speaker.monitor',
  ]);
  await runProgram('pactl', ['set-default-sink', 'speaker'], pulse.env);
  await runProgram('pactl', ['set-default-source', 'microphone'], pulse.env);
  return {
    pulse,
    fifo,
    forBrowsers: soundServerMs
      ? { ...pulse, env: { ...pulse.env, PULSE_LATENCY_MSEC: soundServerMs } }
      : pulse,
    async [Symbol.asyncDispose]() {
      await pulse[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Every speaker is near and far in turn; `shift` assigns other speakers to the rooms. */
function castOf(index: number, browser: BrowserName, { speakers }: Voices, shift: number): Cast {
  const agents = speakers.filter((speaker) => speaker.agent !== undefined);
  const agent = agents[(index + shift) % agents.length]! as Cast['agent'];
  const others = speakers.filter((speaker) => speaker !== agent && speaker.near.length > 0);
  const near = others[(index + 3 * shift + Math.floor(index / others.length)) % others.length]!;
  return {
    room: ROOMS[index]!,
    browser,
    agent,
    near,
    firstClip: (index * 5 + shift * 7) % near.near.length,
    seed: 5 + index + 100 * shift,
  };
}

async function roundTrips(devices: Devices, browsers: readonly BrowserName[]): Promise<RoundTrips> {
  const found: { [Name in BrowserName]?: { bare: number; rig: number; said: string } } = {};
  const { pulse, forBrowsers } = devices;
  for (const browser of browsers) {
    const open = (server: PulseAudio) =>
      browser === 'Firefox' ? openFirefox(ROOM_RATE_HZ, server) : openChromium(server);
    const rig = await throughTheRoom(devices.fifo, pulse, () => measureRoundTrip(open, forBrowsers));
    await runProgram('pactl', ['set-default-source', 'monitor'], pulse.env);
    const bare = await measureRoundTrip(open, forBrowsers);
    await runProgram('pactl', ['set-default-source', 'microphone'], pulse.env);
    const { baseLatencyMs: base, outputLatencyMs: output } = bare;
    found[browser] = {
      bare: bare.ms,
      rig: rig.ms,
      said: `base ${base.toFixed(0)} ms, output ${output.toFixed(0)} ms`,
    };
  }
  return found;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rooms: { type: 'string' },
      browsers: { type: 'string' },
      'barge-in': { type: 'string' },
      blocked: { type: 'boolean' },
      shift: { type: 'string' },
      keep: { type: 'string' },
      resume: { type: 'boolean' },
      'sound-server-ms': { type: 'string' },
    },
  });
  await requirePrograms();
  const voices = await prepareVoices();
  const names = values.rooms?.split(',');
  const browsers = BROWSERS.filter((name) => !values.browsers || values.browsers.split(',').includes(name));
  const shift = Number(values.shift ?? 0);
  await raisePriority();
  await using devices = await openDevices(values['sound-server-ms']);
  const setting = {
    pulse: devices.pulse,
    forBrowsers: devices.forBrowsers,
    fifo: devices.fifo,
    voices,
    bargeIn: values['barge-in'] === 'server' ? 'server' : 'instant',
    blocked: values.blocked === true,
    keepIn: values.keep,
  } as const;
  const begun = await beginProgress(values.resume === true);
  const { rows } = begun;
  const trips = begun.trips ?? (await roundTrips(devices, browsers));
  console.log(trips);
  const beganAtMs = performance.now();
  const mayRepeat = () => performance.now() - beganAtMs < REPEAT_UNTIL_MINUTES * 60_000;
  for (const browser of browsers) {
    for (const [index, room] of ROOMS.entries()) {
      if (names && !names.includes(room.name)) continue;
      if (rows.some((row) => row.browser === browser && row.room === room.name)) continue;
      const cast = castOf(index, browser, voices, shift);
      const third = voices.speakers.find(
        ({ agent, name }) => agent && ![cast.agent.name, cast.near.name].includes(name),
      );
      let row: Row | undefined;
      for (let attempt = 1; attempt <= ATTEMPTS && (row === undefined || isDisturbed(row)); attempt++) {
        if (row !== undefined && !mayRepeat()) break;
        const result = await measureRoom(cast, setting, third?.agent).catch((error: unknown) => {
          console.warn(`${browser}, ${room.name}, attempt ${attempt}:`, error);
        });
        if (result) row = await rowOf(result, roundTripOf(result), machineLoad());
      }
      if (row === undefined) continue;
      rows.push(row);
      await saveProgress({ rows, trips });
      console.log(JSON.stringify(row));
    }
  }
  const report = reportOf(
    rows,
    trips,
    voices.source,
    // What changes the figures; not where recordings are kept, or that the run was continued.
    Object.entries(values)
      .filter(([name]) => name !== 'keep' && name !== 'resume')
      .map(([name, value]) => (value === true ? `--${name}` : `--${name} ${value}`)),
  );
  const isWhole =
    names === undefined &&
    values.browsers === undefined &&
    values['barge-in'] === undefined &&
    values['sound-server-ms'] === undefined &&
    values.shift === undefined;
  const file = setting.blocked ? 'results-blocked.md' : 'results.md';
  if (isWhole) await writeFile(new URL(file, import.meta.url), report);
  console.log(isWhole ? `Wrote test/room/${file}` : report);
}

await main();
process.exit();
