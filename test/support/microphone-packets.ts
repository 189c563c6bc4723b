/** What the server hears of the fake microphone, which beeps once a second while it is open. */
import type { Packet, ScriptedCall } from './scripted-call.js';
import { peak } from './sound-level.js';
import { decodeWireAudio } from './wire-audio.js';

/** More than a second of packets: an open microphone would have beeped. */
const SILENT_PACKETS = 25;

export const peakOf = ({ bytes }: Packet): number => peak(decodeWireAudio('audio/pcm', bytes).samples);

export const isSound = (packet: Packet): boolean => peakOf(packet) > 0.05;

/** The server hears the fake microphone's beep, after that time of the server's clock. */
export function untilBeep(call: ScriptedCall, afterEpochMs = Date.now()): Promise<Packet> {
  return call.until('a beep', () =>
    call.packets.find((packet) => packet.atEpochMs > afterEpochMs && isSound(packet)),
  );
}

/** From now on, but for what is still under way, the server is sent packets and each is pure silence. */
export function untilSilence(call: ScriptedCall, count = SILENT_PACKETS): Promise<true> {
  const from = call.packets.length;
  return call.until(`${count} packets of silence`, () => {
    const after = call.packets.slice(from).slice(-count);
    return after.length === count && after.every((packet) => peakOf(packet) === 0);
  });
}
