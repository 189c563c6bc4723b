/** Converts the session that one page has kept to the session that the next page begins with. */
import {
  AUDIO_ENCODINGS,
  type AudioEncoding,
  type KeptCall,
  type KeptReply,
  type KeptSession,
  type ResumedSession,
  type Word,
} from '../../src/index.js';

/** Maximum audio of one reply: 10 s, as PCM. */
const MAX_BYTES = 480_000;
/** What is heard is reported every 50 ms. If it is not for so long, the device is suspended, or the reply is held. */
const STILL_MS = 500;

function bytesPerMsOf(encoding: AudioEncoding): number {
  const { rateHz, bytesPerSample } = AUDIO_ENCODINGS[encoding];
  return (rateHz * bytesPerSample) / 1_000;
}

/** @param lostMs time since the earlier page was left */
export function resumedSession(kept: KeptSession, lostMs: number): ResumedSession {
  const { replies, connection, ...same } = kept;
  const parts = replies.map((reply) => partsOf(reply, bytesPerMsOf(kept.output)));
  return {
    ...same,
    connection: { ...connection, lostMs: connection.lostMs + lostMs },
    heardMs: replies[0]?.heardMs ?? 0,
    messages: parts.flatMap(({ messages }) => messages),
    rest: [parts.at(-1)?.rest, kept.rest].filter(Boolean).join(' '),
  };
}

/** The session without audio that would exceed the storage quota of a tab: services can send long replies in advance. */
export function storable(kept: KeptSession): KeptSession {
  const replies = kept.replies.map((reply) => {
    const sound = slice(reply.sound, 0, MAX_BYTES);
    // Words without their audio are requested again, like those that have not arrived.
    return { ...reply, sound, sent: reply.sent && bytesOf(sound) === bytesOf(reply.sound) };
  });
  return { ...kept, replies };
}

/** The session when the page is left, so long after its last report. */
export function laterOn(kept: KeptSession, sinceMs: number): KeptSession {
  const { connection } = kept;
  const { lostMs, connectedMs } = connection;
  const time = lostMs > 0 ? { lostMs: lostMs + sinceMs } : { connectedMs: connectedMs + sinceMs };
  return { ...heardOn(kept, sinceMs), connection: { ...connection, ...time } };
}

/** Without the audio that was heard since the last report. */
function heardOn(kept: KeptSession, sinceMs: number): KeptSession {
  const [first, ...others] = kept.replies;
  if (!first || !kept.sounding || sinceMs > STILL_MS) return kept;
  const bytesPerMs = bytesPerMsOf(kept.output);
  const heardMs = Math.min(Math.round(sinceMs), bytesOf(first.sound) / bytesPerMs);
  const reply = {
    ...first,
    heardMs: first.heardMs + heardMs,
    sound: slice(first.sound, Math.floor(heardMs) * bytesPerMs, Infinity),
  };
  return { ...kept, replies: [reply, ...others] };
}

type Line = KeptCall['transcript'][number];

/**
 * The transcript on the next page. If no word of a reply was heard completely, the reply is spoken again, so its line is
 * omitted. Keys are counted per page, and the ids of typed lines per session.
 */
export function continuedLines(
  transcript: readonly Line[],
  resumed: ResumedSession,
  leftAtMs: number,
): Line[] {
  const unheardId = idOfUnheard(resumed);
  return transcript
    .filter(({ replyId }) => unheardId === undefined || replyId !== unheardId)
    .map(({ itemId, ...rest }, at) => {
      const isTyped = itemId?.startsWith('typed-') ?? true;
      return { ...rest, ...(!isTyped && { itemId }), key: `${rest.role}-${leftAtMs}-${at}` };
    });
}

/** The reply that is spoken again from its first word. */
function idOfUnheard({ messages, rest }: ResumedSession): string | undefined {
  const last = messages.findLast(({ type }) => type === 'reply.started');
  if (rest === '' || last?.type !== 'reply.started') return undefined;
  const isHeard = messages.some(
    (message) =>
      message.type === 'transcript.agent.delta' &&
      message.reply_id === last.reply_id &&
      message.delta.trim() !== '',
  );
  return isHeard ? undefined : last.reply_id;
}

function partsOf(reply: KeptReply, bytesPerMs: number): Pick<ResumedSession, 'messages' | 'rest'> {
  const { replyId: reply_id, heardMs, sent, sound, words, whole } = reply;
  const cut = sent ? words.length : firstMissing(words, heardMs + bytesOf(sound) / bytesPerMs);
  const endMs = words[cut]?.startMs ?? Infinity;
  const kept = slice(sound, 0, Math.max(0, Math.round(endMs - heardMs)) * bytesPerMs);
  const rest = words.slice(cut);
  return {
    messages: [
      { type: 'reply.started', reply_id },
      ...kept.map((data) => ({ type: 'reply.audio', reply_id, data }) as const),
      ...words
        .slice(0, cut)
        .map(
          ({ text, startMs }) =>
            ({ type: 'transcript.agent.delta', reply_id, delta: text, start_ms: startMs }) as const,
        ),
      ...(whole !== undefined && rest.length === 0
        ? [{ type: 'transcript.agent', reply_id, text: whole, interrupted: false } as const]
        : []),
    ],
    rest: rest.map(({ text }) => text.trim()).join(' '),
  };
}

/**
 * The first word whose audio has not arrived completely. The first entry stands for all words that were heard. Every other
 * word is complete when the next one begins. Without times, no word counts as missing.
 */
function firstMissing(words: readonly Word[], arrivedMs: number): number {
  if (words.every(({ startMs }) => startMs === 0)) return words.length;
  const found = words.findIndex((_, at) => at > 0 && !((words[at + 1]?.startMs ?? Infinity) <= arrivedMs));
  return found < 0 ? words.length : found;
}

function bytesOf(sound: readonly Uint8Array[]): number {
  return sound.reduce((sum, { length }) => sum + length, 0);
}

function slice(sound: readonly Uint8Array[], from: number, to: number): Uint8Array[] {
  let at = 0;
  return sound.flatMap((piece) => {
    const part = piece.slice(Math.max(0, from - at), Math.max(0, to - at));
    at += piece.length;
    return part.length > 0 ? [part] : [];
  });
}
