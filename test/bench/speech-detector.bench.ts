/** Compares our detector with WebRTC's on the same sounds: detections, false alarms, and delays. */
import { Hearing } from '../../agent/hearing.js';
import { median } from '../support/statistics.js';
import { noise, syntheticVoice } from '../support/synthetic-voice.js';
import { DuplexDriver, engineModule, headless } from '../wasm/duplex-driver.js';
import { markdownTable, type Section } from './section.js';

const RATE_HZ = 48_000;
const SECONDS = 24;
/** Start times of near voices, after the agent has been audible for a while. */
const ONSETS_SECONDS = [8, 12, 16, 20];
const NEAR_SECONDS = 1.2;
const PITCHES_HZ = [95, 130, 180, 230];
const LATE_MS = 1_000;
const ROOM_LEVEL = 0.0005;

interface Sounds {
  readonly name: string;
  /** Level of the echo in the microphone, dB; undefined: the agent is silent. */
  readonly leakDb?: number;
  /** Sample of other sounds at a frame. */
  readonly other?: (frame: number) => number;
  /** Level of the near voice, relative to −20 dBFS; undefined: there is none. */
  readonly nearDb?: number;
}

const hiss = noise(7);
const lowPass = { last: 0 };
const typing = (frame: number) => hiss() * 0.2 * Math.exp(-(frame % 7_000) / 300);
const fan = () => (lowPass.last = 0.97 * lowPass.last + 0.03 * hiss()) * 0.15;

const SOUNDS: readonly Sounds[] = [
  { name: 'near voice, agent silent', nearDb: -6 },
  { name: 'near voice, fan', nearDb: -6, other: fan },
  { name: 'near voice over the agent, −50 dB left', nearDb: -6, leakDb: -50 },
  { name: 'near voice over the agent, −30 dB left', nearDb: 0, leakDb: -30 },
  { name: 'agent alone, −50 dB left', leakDb: -50 },
  { name: 'agent alone, −30 dB left', leakDb: -30 },
  { name: 'typing', other: typing },
  { name: 'fan', other: fan },
];

/** Milliseconds at which each detector reports speech. */
interface Found {
  readonly ours: number[];
  readonly peer: number[];
}

async function listen({ leakDb, other, nearDb }: Sounds): Promise<Found> {
  const driver = new DuplexDriver(engineModule, 'audio/pcm');
  if (leakDb !== undefined) {
    const reply = syntheticVoice(24_000, 210, SECONDS, 3);
    driver.sendReply(headless.encode('audio/pcm', reply), 100, 2_400, 50);
  }
  const gain = 10 ** ((leakDb ?? -200) / 20);
  const near = PITCHES_HZ.map((hz, i) => syntheticVoice(RATE_HZ, hz, NEAR_SECONDS, i));
  const nearGain = 10 ** ((nearDb ?? -200) / 20);
  const hearing = await Hearing.create();
  hearing.setRate(RATE_HZ);
  hearing.setThreshold(0.75);
  const found: Found = { ours: [], peer: [] };
  let block: number[] = [];
  driver.microphone = (frame, heard) => {
    const speaker = ONSETS_SECONDS.findLastIndex((seconds) => frame >= seconds * RATE_HZ);
    const into = frame - (ONSETS_SECONDS[speaker] ?? 0) * RATE_HZ;
    const echo = [90, 101, 127].reduce((sum, ms, i) => sum + heard(frame - 48 * ms) * 0.7 ** i, 0);
    const sound =
      hiss() * ROOM_LEVEL + (other?.(frame) ?? 0) + gain * echo + nearGain * (near[speaker]?.[into] ?? 0);
    block.push(sound);
    return sound;
  };
  const was = { ours: false, voiced: 0, silent: 0 };
  while (driver.nowMs < SECONDS * 1_000) {
    driver.runUntil(driver.nowMs + 1);
    if (driver.engine.speaking && !was.ours) found.ours.push(driver.nowMs);
    was.ours = driver.engine.speaking;
    // It judges single frames. Three in a row count as speech, the minimum of ours, and 300 ms without voice end it.
    for (const { voiced } of hearing.hear(Float32Array.from(block))) {
      was.voiced = voiced ? Math.max(1, was.voiced + 1) : was.voiced < 3 ? 0 : was.voiced;
      if (was.voiced === 3) found.peer.push(driver.nowMs);
      was.silent = voiced ? 0 : was.silent + 1;
      if (was.silent > 30) was.voiced = 0;
    }
    block = [];
  }
  hearing.close();
  return found;
}

function cells(times: readonly number[], isNear: boolean): string[] {
  const onsetsMs = isNear ? ONSETS_SECONDS.map((seconds) => seconds * 1_000) : [];
  const delays = onsetsMs.map((onset) => times.find((ms) => ms > onset - 50 && ms < onset + LATE_MS));
  const missed = delays.filter((ms) => ms === undefined).length;
  const belongs = (ms: number) =>
    onsetsMs.some((onset) => ms > onset - 50 && ms < onset + NEAR_SECONDS * 1_000 + 400);
  const falseAlarms = times.filter((ms) => !belongs(ms)).length;
  const laterMs = delays.flatMap((ms, i) => (ms === undefined ? [] : [ms - onsetsMs[i]!]));
  return [
    isNear ? `${missed} of ${onsetsMs.length}` : '–',
    laterMs.length > 0 ? `${median(laterMs).toFixed(0)} ms` : '–',
    String(falseAlarms),
  ];
}

export const speechDetectorSection: Section = {
  name: 'speech-detector',
  async run() {
    const rows: string[][] = [];
    for (const sounds of SOUNDS) {
      const { ours, peer } = await listen(sounds);
      const isNear = sounds.nearDb !== undefined;
      rows.push([sounds.name, ...cells(ours, isNear), ...cells(peer, isNear)]);
    }
    const head = ['', 'missed', 'known after', 'false alarms', 'peer: missed', 'known after', 'false alarms'];
    return {
      markdown: `## Speech at the microphone

The engine's detector and WebRTC's (\`@echogarden/fvad-wasm\`, mode 3, three frames of 10 ms) on the same ${SECONDS} s of synthetic sounds:
four near voices, or none. The peer does not get the played audio. Real voices, rooms and cancellers: \`npm run room\`.

${markdownTable(head, rows)}`,
    };
  },
};
