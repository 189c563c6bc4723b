/**
 * `npm run soak -- --minutes 10`: one call between the built element in a real browser and the local agent, with the
 * connection cut every 20 s (half of the time the session cannot be resumed), somebody speaking into the microphone,
 * and a numbered line typed every few seconds. Says what it cost and what was lost, and fails when something was.
 */
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Page } from '@playwright/test';
import { startAgent, type AgentServer } from '../../../agent/server.js';
import { Voice } from '../../../agent/voice.js';
import { agentPageHtml, openAgentPage, startCall, stopCall } from '../../support/agent-page.js';
import { say } from '../../support/fault-call.js';
import { scheduleMicrophone, writeMicrophoneFile } from '../../support/fake-microphone.js';
import { launchChromium } from '../../support/launch-chromium.js';
import { servePage } from '../../support/page-server.js';
import { ThreadHeap } from '../thread-heap.js';
import { SoakRecord } from './soak-record.js';

const CUT_EVERY_S = 20;
const LINE_EVERY_MS = 5_000;
const SPEECH_EVERY_MS = 13_000;
const SPEECH_RATE_HZ = 8_000;

/** Mints tokens whose sessions are cut; every other time resuming is refused as well. */
async function serveTokens(agent: AgentServer) {
  let minted = 0;
  const server = createServer((_request, response) => {
    const refusal = ++minted % 4 < 2 ? '' : ',refuse-resume=session_not_found';
    const ws_url = `${agent.wsUrl}?fault=cut=${CUT_EVERY_S}${refusal}`;
    response.writeHead(200, { 'content-type': 'application/json', 'access-control-allow-origin': '*' });
    response.end(JSON.stringify({ token: agent.agent.mintToken(), ws_url }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, close: () => server.close() };
}

/** Somebody who says a sentence every so often. */
async function speakerFile(minutes: number) {
  const { samples } = await Voice.shared.speak(
    'Could you tell me more about that, please?',
    'michael',
    SPEECH_RATE_HZ,
  );
  const count = Math.floor((minutes * 60_000) / SPEECH_EVERY_MS);
  const events = Array.from({ length: count }, (_, n) => ({
    atMs: 6_000 + n * SPEECH_EVERY_MS,
    sound: { samples, rateHz: SPEECH_RATE_HZ },
  }));
  return writeMicrophoneFile(scheduleMicrophone(events));
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
      // The process ended while it was looked at.
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

/** Types numbered lines until the time is over, and notes what the page weighs. */
async function talk(page: Page, worker: ThreadHeap, record: SoakRecord, minutes: number): Promise<void> {
  const endMs = Date.now() + minutes * 60_000;
  for (let line = 1; Date.now() < endMs; line++) {
    await say(page, `Line number ${line}.`);
    record.typed(line);
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

async function soak(minutes: number): Promise<boolean> {
  const agent = await startAgent();
  const tokens = await serveTokens(agent);
  await using file = await speakerFile(minutes);
  await using web = await servePage(
    agentPageHtml({ 'token-url': tokens.url, greeting: 'Hello.', 'max-duration': '0', 'idle-timeout': '0' }),
  );
  const browser = await launchChromium({ microphoneWav: file.path });
  const record = new SoakRecord(agent.events);
  try {
    const page = await browser.newPage();
    page.on('pageerror', (error) => record.complain(`page error: ${error.message}`));
    const worker = await ThreadHeap.watch(page, 'worker');
    await openAgentPage(page, web.url);
    // The page's own notes would grow with the call; its transcript keeps the last thousand entries.
    await page.evaluate(() => {
      window.agentEvents.push = (event) => {
        const { final, text } = (event.detail ?? {}) as { final?: boolean; text?: string };
        const kept =
          ['session-ready', 'agent-error', 'session-end', 'interruption'].includes(event.type) ||
          (final && text?.startsWith('Line number'));
        return kept ? Array.prototype.push.call(window.agentEvents, event) : window.agentEvents.length;
      };
    });
    const refusal = await startCall(page);
    if (refusal !== undefined) throw new Error(`The call did not start: ${refusal}.`);
    await talk(page, worker, record, minutes);
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
    tokens.close();
    await agent.close();
  }
  return record.judge(minutes);
}

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '10' } } });
process.exitCode = (await soak(Number(values.minutes))) ? 0 : 1;
process.exit();
