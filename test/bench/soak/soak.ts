/**
 * `npm run soak -- --minutes 20`: one call between the built element in a real browser and the local agent. The connection
 * drops every 20 s. In turn, a resume token, a new token or nothing resumes the session. The system falsely reports that it
 * is offline, a voice speaks into the microphone, and a numbered line is typed every few seconds. Prints memory and losses,
 * and fails if anything was lost.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Page } from '@playwright/test';
import { Voice } from '../../../agent/voice.js';
import type { StatsDetail } from '../../../src/client/events.js';
import type { TranscriptUpdate } from '../../../src/session/events.js';
import { agentPageHtml, openAgentPage, startCall, stopCall } from '../../support/agent-page.js';
import { say } from '../../support/fault-call.js';
import { scheduleMicrophone, writeMicrophoneFile } from '../../support/fake-microphone.js';
import { launchChromium } from '../../support/launch-chromium.js';
import { servePage } from '../../support/page-server.js';
import { ThreadHeap } from '../thread-heap.js';
import { steppedTone, STEP_MS } from '../../support/stepped-tone.js';
import { startSoakAgent } from './soak-agent.js';
import { FIRST_STEP, LAST_STEP, SoakRecord } from './soak-record.js';

const LINE_EVERY_MS = 5_000;
const SPEECH_EVERY_MS = 26_000;
const FIRST_SPEECH_MS = 6_000;
/** Maximum time from the last sample of a scale to its arrival, with a dropped connection in between. */
const SLACK_MS = 8_000;
const PACKET_MS = 50;
const FALSE_OFFLINE_MS = 2_500;
const SPEECH_RATE_HZ = 8_000;

/** A voice that speaks a sentence at intervals, and a scale after it, whose losses can be identified. */
async function speakerFile(minutes: number) {
  const { samples } = await Voice.shared.speak(
    'Could you tell me more about that, please?',
    'michael',
    SPEECH_RATE_HZ,
  );
  const scale = steppedTone(LAST_STEP + 1, SPEECH_RATE_HZ).samples.subarray(
    (FIRST_STEP * STEP_MS * SPEECH_RATE_HZ) / 1_000,
  );
  const count = Math.floor((minutes * 60_000) / SPEECH_EVERY_MS);
  const events = Array.from({ length: count }, (_, n) => [
    { atMs: FIRST_SPEECH_MS + n * SPEECH_EVERY_MS, sound: { samples, rateHz: SPEECH_RATE_HZ } },
    { atMs: scaleAtMs(n), sound: { samples: scale, rateHz: SPEECH_RATE_HZ } },
  ]);
  return writeMicrophoneFile(scheduleMicrophone(events.flat()));
}

function scaleAtMs(n: number): number {
  return FIRST_SPEECH_MS + n * SPEECH_EVERY_MS + SPEECH_EVERY_MS / 2;
}

/** The minimum number of scales in this much microphone audio. The page counts it, because devices stall on a busy machine. */
function scalesIn(capturedMs: number): number {
  const wholeMs = capturedMs - scaleAtMs(0) - (LAST_STEP + 1 - FIRST_STEP) * STEP_MS - SLACK_MS;
  return Math.max(0, Math.floor(wholeMs / SPEECH_EVERY_MS) + 1);
}

/** Resident memory of the process that runs the page, its Worker and its worklet, in MB. */
function rendererMb(): number {
  let most = 0;
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const command = readFileSync(`/proc/${entry}/cmdline`, 'utf8');
      const parent = /PPid:\s+(\d+)/.exec(readFileSync(`/proc/${entry}/status`, 'utf8'))?.[1];
      if (!command.includes('--type=renderer') || parent === undefined || !isOurs(Number(parent))) continue;
      const kB = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${entry}/status`, 'utf8'))?.[1] ?? 0);
      most = Math.max(most, kB / 1_024);
    } catch {
      // The process has ended in the meantime.
    }
  }
  return most;
}

function isOurs(pid: number): boolean {
  for (let id = pid; id > 1;) {
    if (id === process.pid) return true;
    id = Number(/PPid:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1] ?? 0);
  }
  return false;
}

async function heapMb(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return usedSize / 1e6;
}

/** Types numbered lines until the time is over, and records the memory of the page. */
async function talk(page: Page, worker: ThreadHeap, record: SoakRecord, minutes: number): Promise<void> {
  const endMs = Date.now() + minutes * 60_000;
  for (let line = 1; Date.now() < endMs; line++) {
    await say(page, `Line number ${line}.`);
    record.typed(line);
    if (line % 3 === 0) await claimOffline(page);
    await delay(LINE_EVERY_MS);
    if (line % 4 !== 0) continue;
    record.sample({
      heapMb: await heapMb(page),
      workerMb: (await worker.usedBytes({ collected: true })) / 1e6,
      rendererMb: rendererMb(),
      workers: page.workers().length,
    });
  }
}

/** A false report of the system. The network works all the time. */
async function claimOffline(page: Page): Promise<void> {
  await page.evaluate(() => dispatchEvent(new Event('offline')));
  await delay(FALSE_OFFLINE_MS);
  await page.evaluate(() => dispatchEvent(new Event('online')));
}

async function soak(minutes: number): Promise<boolean> {
  const agent = await startSoakAgent();
  await using file = await speakerFile(minutes);
  await using web = await servePage(
    agentPageHtml({
      'token-url': agent.tokenUrl,
      greeting: 'Hello.',
      'max-duration': '0',
      'idle-timeout': '0',
    }),
  );
  const browser = await launchChromium({ animated: true, microphoneWav: file.path });
  const record = new SoakRecord(agent.events);
  try {
    const page = await browser.newPage();
    page.on('pageerror', (error) => record.addProblem(`page error: ${error.message}`));
    const worker = await ThreadHeap.watch(page, 'worker');
    await openAgentPage(page, web.url);
    // The test's own records in the page would grow with the call. The transcript keeps the last thousand entries.
    await page.evaluate(() => {
      window.agentEvents.push = (event) => {
        if (event.type === 'stats') Object.assign(window, { soakStats: event.detail });
        const { final, role, text } = (event.detail ?? {}) as Partial<TranscriptUpdate>;
        const kept =
          ['session-ready', 'agent-error', 'session-end', 'interruption'].includes(event.type) ||
          (final && role === 'agent') ||
          text?.startsWith('Line number');
        return kept ? Array.prototype.push.call(window.agentEvents, event) : window.agentEvents.length;
      };
    });
    const refusal = await startCall(page);
    if (refusal !== undefined) throw new Error(`The call did not start: ${refusal}.`);
    await talk(page, worker, record, minutes);
    const packets = await page.evaluate(() => {
      const { packetsSent, packetsDropped } = (window as unknown as { soakStats: StatsDetail }).soakStats;
      return packetsSent + packetsDropped;
    });
    record.whistled(scalesIn(packets * PACKET_MS));
    await stopCall(page);
    record.ended(
      await page.evaluate(() => ({
        liveTracks: window.microphoneTracks.filter((track) => track.readyState === 'live').length,
        events: window.agentEvents.map(({ type, detail }) => ({ type, detail: detail })),
      })),
    );
    await delay(1_500);
    record.workersLeft = page.workers().length;
  } finally {
    await browser.close();
    await agent.close();
  }
  return record.judge(minutes);
}

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '10' } } });
process.exitCode = (await soak(Number(values.minutes))) ? 0 : 1;
process.exit();
