/** Recognizes the fake microphone, which beeps once a second while it is open, in what the server receives. */
import type { Packet, ScriptedCall } from './scripted-call.js';
import { peak } from './sound-level.js';
import { decodeWireAudio } from './wire-audio.js';

/** More than a second of packets, in which an open microphone would have beeped. */
const SILENT_PACKETS = 25;

const peakOf = ({ bytes }: Packet): number => peak(decodeWireAudio('audio/pcm', bytes).samples);

const isSound = (packet: Packet): boolean => peakOf(packet) > 0.05;

/** Waits for a beep that the server received after this time. */
export function untilBeep(call: ScriptedCall, afterEpochMs = Date.now()): Promise<Packet> {
  return call.until('a beep', () =>
    call.packets.find((packet) => packet.atEpochMs > afterEpochMs && isSound(packet)),
  );
}

/** Waits for this many packets in a row that contain only zeros. */
export function untilSilence(call: ScriptedCall, count = SILENT_PACKETS): Promise<true> {
  const from = call.packets.length;
  return call.until(`${count} packets of silence`, () => {
    const after = call.packets.slice(from).slice(-count);
    return after.length === count && after.every((packet) => peakOf(packet) === 0);
  });
}
