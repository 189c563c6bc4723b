/**
 * The voices and other sounds in the rooms. Human voices come from a folder (`ROOM_VOICES`, a folder for each
 * speaker) or from Debian's packages. Their licences (CC BY-SA 3.0, LGPL, GPL) differ from this project's, so they are
 * installed, decoded into build/, and never committed. Without them espeak-ng speaks, and the report says so.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '../../scripts/project-root.mjs';
import { noise } from '../support/synthetic-voice.js';
import { ROOM_RATE_HZ } from './room-model.js';
import type { Background } from './rooms.js';
import { cutAtPauses, decodeFile, isModulated, level, trim, writeSamples } from './sound-files.js';

const run = promisify(execFile);

export interface Speaker {
  readonly name: string;
  /** A minute of connected speech; none if the speaker has too little. */
  readonly agent: string | undefined;
  /** Utterances of 1.2 … 4 s, none of them part of `agent`. */
  readonly near: readonly string[];
}

export interface Voices {
  /** Source of the voices, for the report. */
  readonly source: string;
  readonly speakers: readonly Speaker[];
  readonly backgrounds: Partial<Record<Exclude<Background, 'voice'>, string>>;
}

const PROMPTS = '/usr/share/asterisk/sounds';
const RADIO = '/usr/share/codec2/wav';
const KEYS = '/usr/share/buckle/wav';
const MUSIC = '/usr/share/games/supertux2/music/tropical/tropicalbreeze.ogg';
export const DEBIAN_PACKAGES = [
  ...['en', 'es', 'fr', 'it', 'ru'].map((language) => `asterisk-core-sounds-${language}-g722`),
  'asterisk-prompt-it-menardi-wav',
  'codec2-examples',
  'bucklespring-data',
  'supertux-data',
  'ffmpeg',
];

/** Speaker → folder and names of the recordings. */
const HUMANS: Readonly<Record<string, readonly [folder: string, files?: readonly string[]]>> = {
  'English woman': [`${PROMPTS}/en_US_f_Allison`],
  'Italian man': [`${PROMPTS}/it_IT_m_Carlo`],
  'French woman': [`${PROMPTS}/fr_CA_f_June`],
  'English man': [RADIO, ['vk5qi', 'mmt1', 'hts1a', 'morig', 've9qrp']],
  'Russian woman': [`${PROMPTS}/ru_RU_f_IvrvoiceRU`],
  'Spanish woman': [`${PROMPTS}/es_MX_f_Allison`],
  'Italian woman': [`${PROMPTS}/it_IT_f_Menardi`],
  'another English man': [RADIO, ['big_dog', 'cross']],
};

const MACHINES = {
  English: 'en-us',
  Spanish: 'es',
  German: 'de',
  French: 'fr-fr',
  Italian: 'it',
  Russian: 'ru',
};
const TEXT: Readonly<Record<keyof typeof MACHINES, string>> = {
  English: 'Wait a moment, please. That is not what I meant. Can you tell me when you are open tomorrow?',
  Spanish: 'Espera un momento, por favor. No era eso lo que quería. ¿A qué hora abren mañana?',
  German: 'Einen Moment, bitte. Das habe ich nicht gemeint. Wann haben Sie morgen geöffnet?',
  French: "Attendez un instant. Ce n'est pas ce que je voulais dire. À quelle heure ouvrez-vous demain ?",
  Italian: 'Un momento, per favore. Non intendevo questo. A che ora aprite domani?',
  Russian: 'Подождите минуту. Я не это имел в виду. Во сколько вы открываетесь завтра?',
};

const AGENT_SECONDS = 60;
const NEAR_CLIPS = 18;
const [SHORTEST_SECONDS, LONGEST_SECONDS] = [1.2, 4];
const FOLDER = join(projectRoot, 'build', 'room', 'sounds');

/** Decodes the recordings once, which takes a minute. */
export async function prepareVoices(): Promise<Voices> {
  const index = join(FOLDER, 'voices.json');
  const own = process.env['ROOM_VOICES'];
  const source = own ? `recordings of ROOM_VOICES` : existsSync(PROMPTS) ? 'recordings' : 'espeak-ng';
  if (existsSync(index)) {
    const known = JSON.parse(await readFile(index, 'utf8')) as Voices;
    if (known.source === source) return known;
  }
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(FOLDER, { recursive: true });
  const speakers = own
    ? await folderSpeakers(own)
    : source === 'espeak-ng'
      ? await machineSpeakers()
      : await humanSpeakers();
  const voices = { source, speakers, backgrounds: await backgrounds() };
  await writeFile(index, JSON.stringify(voices, null, 2));
  return voices;
}

async function humanSpeakers(): Promise<Speaker[]> {
  const speakers: Speaker[] = [];
  for (const [name, [folder, files]] of Object.entries(HUMANS)) {
    if (!existsSync(folder)) continue;
    const paths = files?.map((file) => join(folder, `${file}.wav`)) ?? (await prompts(folder));
    speakers.push(await keep(name, clipsOf(paths, files !== undefined)));
  }
  return speakers;
}

/** Each prompt is one utterance. Short ones are single words; some are not speech. */
async function prompts(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => /\.(g722|wav)$/.test(name));
  return names
    .filter((name) => !/tone|beep|ring|silence/.test(name))
    .sort()
    .map((name) => join(folder, name));
}

async function folderSpeakers(root: string): Promise<Speaker[]> {
  const speakers: Speaker[] = [];
  for (const entry of await readdir(root, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const folder = join(root, entry.name);
    const paths = (await readdir(folder)).sort().map((name) => join(folder, name));
    speakers.push(await keep(entry.name, clipsOf(paths, true)));
  }
  return speakers;
}

async function machineSpeakers(): Promise<Speaker[]> {
  const folder = await mkdtemp(join(tmpdir(), 'voices-'));
  const speakers: Speaker[] = [];
  for (const [name, voice] of Object.entries(MACHINES)) {
    const text = TEXT[name as keyof typeof MACHINES];
    const paths: string[] = [];
    for (let speed = 120; speed < 220; speed += 8) {
      const path = join(folder, `${voice}-${speed}.wav`);
      await run('espeak-ng', ['-v', voice, '-s', String(speed), '-p', String(speed % 70), '-w', path, text]);
      paths.push(path);
    }
    speakers.push(await keep(`${name} (espeak-ng)`, clipsOf(paths, true)));
  }
  await rm(folder, { recursive: true });
  return speakers;
}

async function* clipsOf(paths: readonly string[], connected: boolean): AsyncGenerator<Float32Array> {
  for (const path of paths) {
    const samples = await decodeFile(path);
    const clips = connected ? cutAtPauses(samples) : [trim(samples)];
    for (const clip of clips) {
      const seconds = clip.length / ROOM_RATE_HZ;
      if (seconds > SHORTEST_SECONDS && seconds < LONGEST_SECONDS && isModulated(clip)) yield level(clip);
    }
  }
}

/** The first utterances are the near voice. The rest, joined with short pauses, is the agent. */
async function keep(name: string, clips: AsyncGenerator<Float32Array>): Promise<Speaker> {
  const stem = join(FOLDER, name.replaceAll(' ', '-'));
  const near: string[] = [];
  const agent = new Float32Array((AGENT_SECONDS + 5) * ROOM_RATE_HZ);
  let filled = 0;
  for await (const clip of clips) {
    if (near.length < NEAR_CLIPS) {
      near.push(`${stem}-near-${near.length}.f32`);
      await writeSamples(near.at(-1)!, clip);
      continue;
    }
    agent.set(clip, filled);
    filled += clip.length + ROOM_RATE_HZ / 4;
    if (filled > AGENT_SECONDS * ROOM_RATE_HZ) break;
  }
  if (filled < AGENT_SECONDS * ROOM_RATE_HZ) return { name, agent: undefined, near };
  await writeSamples(`${stem}-agent.f32`, agent.subarray(0, filled));
  return { name, agent: `${stem}-agent.f32`, near };
}

async function backgrounds(): Promise<Voices['backgrounds']> {
  const files: { typing?: string; music?: string } = {};
  if (existsSync(KEYS)) {
    files.typing = join(FOLDER, 'typing.f32');
    await writeSamples(files.typing, await typing());
  }
  if (existsSync(MUSIC)) {
    files.music = join(FOLDER, 'music.f32');
    const music = (await decodeFile(MUSIC)).subarray(0, AGENT_SECONDS * ROOM_RATE_HZ);
    await writeSamples(files.music, level(music));
  }
  return files;
}

/** Key presses and releases at the pace of a fast typist. Peaks at 0.25. */
async function typing(): Promise<Float32Array> {
  const names = (await readdir(KEYS)).filter((name) => name.endsWith('-1.wav')).sort();
  const random = noise(1);
  const uniform = () => Math.min(0.999, Math.abs(random()) / 3);
  const samples = new Float32Array(AGENT_SECONDS * ROOM_RATE_HZ);
  const sounds = new Map<string, Float32Array>();
  const add = async (name: string, at: number) => {
    const sound = sounds.get(name) ?? (await decodeFile(join(KEYS, name)));
    sounds.set(name, sound);
    for (const [i, x] of sound.subarray(0, ROOM_RATE_HZ / 2).entries()) {
      if (at + i < samples.length) samples[at + i]! += x;
    }
  };
  for (let at = 0; at < samples.length; at += Math.round((0.09 + 0.36 * uniform()) * ROOM_RATE_HZ)) {
    const name = names[Math.floor(uniform() * names.length)]!;
    await add(name, at);
    await add(name.replace('-1.wav', '-0.wav'), at + 0.08 * ROOM_RATE_HZ);
  }
  const peak = samples.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  return samples.map((x) => (x * 0.25) / peak);
}
