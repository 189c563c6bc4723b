/** One call in one room: an agent that talks continuously, and a near voice that talks over it. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../../scripts/project-root.mjs';
import { openFirefox } from '../cross-browser/firefox-page.js';
import type { PulseAudio } from '../cross-browser/pulse-audio.js';
import { RemoteCall } from '../cross-browser/remote-call.js';
import { openChromium } from './chromium-page.js';
import { downAfterMs, judgeDucks, nearSpeech, type NearSpeech } from './judge.js';
import { readTap, startTap, type Tapped } from './page-tap.js';
import { raisePriority } from './programs.js';
import { ROOM_RATE_HZ } from './room-model.js';
import type { NearClip, RoomScript } from './room-process.js';
import { RoomProgram } from './room-program.js';
import type { Room } from './rooms.js';
import { readSamples, writeSamples } from './sound-files.js';
import type { Speaker, Voices } from './voices.js';
import type { Sound } from '../support/wav.js';
import type { EchoLevel } from '../../src/session/echo-policy.js';

export type BrowserName = 'Chromium' | 'Firefox';

/** The parameters of a run. */
export interface Cast {
  readonly room: Room;
  readonly browser: BrowserName;
  readonly agent: Speaker & { readonly agent: string };
  readonly near: Speaker;
  /** Index of the near voice's first clip. */
  readonly firstClip: number;
  readonly seed: number;
}

export interface Setting {
  readonly pulse: PulseAudio;
  /** The same sound server, with the latency that browsers request. */
  readonly forBrowsers: PulseAudio;
  readonly fifo: string;
  readonly voices: Voices;
  readonly bargeIn: 'instant' | 'server';
  /** Block the page's main thread for 500 ms at every onset. */
  readonly blocked: boolean;
  /** Folder for recordings of both sides. */
  readonly keepIn: string | undefined;
}

export interface RoomResult {
  readonly cast: Cast;
  readonly near: readonly NearSpeech[];
  /** One result for each onset over the agent's voice. */
  readonly downMs: readonly (number | undefined)[];
  readonly falseDucks: number;
  readonly aloneMinutes: number;
  /** Blocks of 10 ms that the browser read too late. */
  readonly lostBlocks: number;
  readonly tapped: Tapped;
  /** The microphone as the service received it. */
  readonly received: Sound;
  /** As sent, at `SENT_RATE_HZ`. */
  readonly sent: Float32Array;
  readonly loudspeaker: Float32Array;
  readonly nearTrack: Float32Array;
  /** The last `stats`. */
  readonly echoLeakDb: number | undefined;
  readonly echo: EchoLevel;
  /** Each assessment of the echo, on the room's clock. */
  readonly assessments: readonly { readonly fromMs: number; readonly echo: EchoLevel }[];
}

export const SECONDS = 40;
export const SENT_RATE_HZ = 24_000;
const ONSETS_SECONDS = [9, 14.2, 19.1, 24.3, 29.2, 34.4];
/** Level relative to the room's near voice, because people do not always speak up. */
const LEVELS_DB = [0, -6, 3, 0, -3, 0];
const BLOCK_MS = 500;
/** Audio buffered ahead of time, so that a busy machine causes no gap. */
const AHEAD_MS = 3_000;

function scriptOf({ room, near, firstClip, seed }: Cast, { voices }: Setting, other?: string): RoomScript {
  const clips = ONSETS_SECONDS.map((atSeconds, i): NearClip => ({
    file: near.near[(firstClip + i) % near.near.length]!,
    atSeconds,
    levelDb: room.nearDb + LEVELS_DB[i]!,
  }));
  const { background } = room;
  return {
    room,
    seed,
    seconds: SECONDS,
    near: clips,
    background: background === 'voice' ? other : background && voices.backgrounds[background],
  };
}

/** Blocks the page's main thread around every onset, by the wall clock. */
function blockAtOnsets(remote: RemoteCall, beganAtMs: number, near: readonly NearSpeech[]): void {
  for (const { onsetMs } of near) {
    const atMs = beganAtMs + onsetMs - BLOCK_MS / 4;
    setTimeout(() => void remote.block(atMs, BLOCK_MS), atMs - 300 - Date.now());
  }
}

/** @param other a distant speaker, if the room has one */
export async function measureRoom(cast: Cast, setting: Setting, other?: string): Promise<RoomResult> {
  const script = scriptOf(cast, setting, other);
  const folder = join(projectRoot, 'build', 'room', 'run');
  await mkdir(folder, { recursive: true });
  const scriptFile = join(folder, 'script.json');
  await writeFile(scriptFile, JSON.stringify(script));
  const near = await Promise.all(
    script.near.map(async ({ file, atSeconds }) => nearSpeech(await readSamples(file), atSeconds * 1_000)),
  );
  const reply = await readSamples(cast.agent.agent);
  const sent = reply.filter((_, i) => i % (ROOM_RATE_HZ / SENT_RATE_HZ) === 0);
  const room = new RoomProgram(scriptFile, folder, setting.pulse, setting.fifo);
  try {
    await room.ready();
    const open = () =>
      cast.browser === 'Firefox'
        ? openFirefox(ROOM_RATE_HZ, setting.forBrowsers)
        : openChromium(setting.forBrowsers);
    await using remote = await RemoteCall.open(open, { 'barge-in': setting.bargeIn });
    await startTap(remote.page);
    await raisePriority();
    const beganAtMs = await room.begin();
    remote.call.say({
      replyId: 'reply-1',
      sound: { rateHz: SENT_RATE_HZ, samples: sent },
      aheadMs: AHEAD_MS,
    });
    if (setting.blocked) blockAtOnsets(remote, beganAtMs, near);
    const lostBlocks = await room.end();
    const holds = await remote.events('reply-hold');
    const reports = await remote.events('stats');
    const stats = reports.at(-1)?.detail;
    const loudspeaker = await readSamples(join(folder, 'loudspeaker.f32'));
    const ducksMs = holds
      .filter(({ detail }) => detail.outcome === 'ducked')
      .map(({ atEpochMs }) => atEpochMs - beganAtMs);
    const result: RoomResult = {
      cast,
      near,
      lostBlocks,
      loudspeaker,
      downMs: near
        .map(({ onsetMs }) => downAfterMs(loudspeaker, reply, onsetMs))
        .filter((ms) => ms !== 'not sounding'),
      ...judgeDucks(ducksMs, near, [500, SECONDS * 1_000]),
      tapped: await readTap(remote.page),
      received: remote.call.input(),
      sent,
      nearTrack: await readSamples(join(folder, 'near.f32')),
      echoLeakDb: stats?.echoLeakDb,
      echo: stats?.echo ?? 'unknown',
      assessments: reports.map(({ detail, atEpochMs }) => ({
        fromMs: atEpochMs - beganAtMs,
        echo: detail.echo,
      })),
    };
    if (setting.keepIn) await keep(result, setting.keepIn);
    return result;
  } finally {
    room.kill();
  }
}

async function keep(
  { cast, near, tapped, received, nearTrack, loudspeaker }: RoomResult,
  root: string,
): Promise<void> {
  const folder = join(root, `${cast.browser}-${cast.room.name}`.toLowerCase().replaceAll(' ', '-'));
  await mkdir(folder, { recursive: true });
  const about = { room: cast.room.name, agent: cast.agent.name, near: cast.near.name, onsets: near };
  await writeFile(join(folder, 'about.json'), JSON.stringify({ ...about, rateHz: tapped.rateHz }, null, 2));
  await writeSamples(join(folder, 'microphone.f32'), tapped.microphone);
  await writeSamples(join(folder, 'received.f32'), received.samples);
  await writeSamples(join(folder, 'speaker.f32'), tapped.speaker);
  await writeSamples(join(folder, 'near.f32'), nearTrack);
  await writeSamples(join(folder, 'loudspeaker.f32'), loudspeaker);
}
