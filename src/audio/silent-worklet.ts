/** Replaces the worklet in a browser that cannot play audio, for typed messages. */
import { AUDIO_ENCODINGS } from '../audio-encoding.js';
import type { SessionToWorklet, WorkletToSession } from '../worklet/messages.js';

/**
 * Every reply counts as heard as soon as its audio has arrived, and its words appear with it.
 * @returns the session's port
 */
export function silentWorklet(): MessagePort {
  const { port1: here, port2: workletPort } = new MessageChannel();
  const tell = (message: WorkletToSession): void => here.postMessage(message);
  let bytesPerMs = 1;
  let reply = 0;
  let replyBytes = 0;
  let playedBytes = 0;
  here.onmessage = ({ data }: MessageEvent<SessionToWorklet>) => {
    const heardMs = (): number => replyBytes / bytesPerMs;
    if (data.type === 'format') {
      const { rateHz, bytesPerSample } = AUDIO_ENCODINGS[data.output];
      bytesPerMs = (rateHz * bytesPerSample) / 1_000;
    } else if (data.type === 'audio') {
      if (data.reply !== reply) replyBytes = 0;
      ({ reply } = data);
      replyBytes += data.bytes.length;
      playedBytes += data.bytes.length;
      tell({ type: 'heard', reply, heardMs: heardMs(), playedBytes, over: false });
    } else if (data.type === 'end') {
      // Words without audio count as heard, too.
      tell({ type: 'heard', reply: data.reply, heardMs: Math.max(1, heardMs()), playedBytes, over: true });
    } else if (data.type === 'flush') {
      tell({ type: 'flushed', reply, heardMs: heardMs(), discardedMs: 0, roundTripMs: 0 });
    }
  };
  return workletPort;
}
