import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { agentPageHtml, openAgentPage, waitForEvents } from '../support/agent-page.js';
import { scheduleMicrophone, writeMicrophoneFile } from '../support/fake-microphone.js';
import { machineLoad, type Claim } from '../support/figures.js';
import { launchChromium } from '../support/launch-chromium.js';
import { servePage } from '../support/page-server.js';
import { ScriptedServer } from '../support/scripted-server.js';
import { firstAudibleFrame } from '../support/sound-level.js';
import { readLatestSpeaker, recordSpeaker, renderedAtEpochMs } from '../support/speaker-recorder.js';
import { heardSteps, steppedTone } from '../support/stepped-tone.js';
import { concatenate, makeSilence, makeTone } from '../support/tones.js';
import { controlOf, startControls } from './controls.js';
import { median, summary, type Scenario } from './scenario.js';

const ROUNDS = 9;
const STEPS = 8;

/** A site and a service at a usual distance. */
const TOKEN_MS = 200;
const MICROPHONE_MS = 300;
const CONNECT_MS = 100;
const READY_MS = 20;
/** The token, the connection and the answer follow each other; the microphone opens meanwhile. */
const NETWORK_MS = TOKEN_MS + CONNECT_MS + READY_MS;

const within = (figure: string, limit: number): Claim => ({ figure, bound: 'at most', limit, unit: 'ms' });
const UPDATE = within('open socket to `session.update`, median', 30);
const CLICK = within('click to `session.update`, median', 350);
const GREETING = within('click to first audible sample of the greeting, beyond the network, median', 80);
const WORDS: Claim = {
  figure: 'words lost between microphone open and `session.ready`',
  bound: 'at most',
  limit: 0,
  unit: '',
};

interface Start {
  readonly clickToUpdateMs: number;
  readonly openToUpdateMs: number;
  readonly clickToSoundMs: number;
  readonly lostSteps: number;
}

/** Runs before the scripts of the page. */
function slowMicrophone(delayMs: number): void {
  const { mediaDevices } = navigator;
  const getUserMedia = mediaDevices.getUserMedia.bind(mediaDevices);
  mediaDevices.getUserMedia = async (constraints) => {
    await new Promise((next) => setTimeout(next, delayMs));
    // A tone is no speech, and a canceller of echo takes it for what it is.
    const asked = typeof constraints?.audio === 'object' ? constraints.audio : {};
    return getUserMedia({ audio: { ...asked, echoCancellation: false } });
  };
  addEventListener('click', () => performance.mark('click'), { capture: true, once: true });
}

const clickEpochMs = (page: Page) =>
  page.evaluate(() => performance.timeOrigin + performance.getEntriesByName('click')[0]!.startTime);

async function startOnce(microphoneWav: string): Promise<Start> {
  await using server = await ScriptedServer.listen('mute');
  server.connectMs = CONNECT_MS;
  const html = agentPageHtml({ 'server-url': server.url, 'token-url': '/voice-token' });
  await using web = await servePage(html, {
    '/voice-token': async (response) => {
      await delay(TOKEN_MS);
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ token: 'a-token' }));
    },
  });
  const browser = await launchChromium({ animated: true, microphoneWav });
  try {
    const page = await browser.newPage({ permissions: ['microphone'] });
    await recordSpeaker(page);
    await page.addInitScript(slowMicrophone, MICROPHONE_MS);
    await openAgentPage(page, web.url);
    await page.waitForLoadState('networkidle');
    await page.locator('voice-agent .call').click();
    const call = await server.call();
    const { atEpochMs } = await call.message('session.update');
    await delay(READY_MS);
    call.send({ type: 'session.ready', session_id: 's-1' });
    const sound = makeTone({ frequencyHz: 440, durationMs: 800, amplitude: 0.5, rateHz: 24_000, rampMs: 0 });
    await call.say({ replyId: 'greeting', sound, leadMs: 0 }).finished;
    await waitForEvents(page, 'reply-end');
    const clicked = await clickEpochMs(page);
    const recording = await readLatestSpeaker(page);
    const input = await call.inputOfAtLeast(MICROPHONE_MS + (STEPS + 4) * 200);
    return {
      clickToUpdateMs: atEpochMs - clicked,
      openToUpdateMs: atEpochMs - call.openedAtEpochMs,
      clickToSoundMs: renderedAtEpochMs(recording, firstAudibleFrame(recording.samples)) - clicked,
      lostSteps: STEPS - new Set(heardSteps(input)).size,
    };
  } finally {
    await browser.close();
  }
}

export const scenario: Scenario = {
  name: 'start',
  about: `From a click to the conversation, ${ROUNDS} times. The microphone is allowed and takes ${MICROPHONE_MS} ms to open, a token ${TOKEN_MS} ms, a connection ${CONNECT_MS} ms, \`session.ready\` ${READY_MS} ms. The microphone hears a scale of ${STEPS} tones from its first sample on.`,
  claims: [UPDATE, CLICK, GREETING, WORDS],
  async run() {
    const sound = concatenate(makeSilence(40, 48_000), steppedTone(STEPS), makeSilence(300, 48_000));
    await using file = await writeMicrophoneFile(scheduleMicrophone([{ atMs: 0, sound }]));
    const browser = await launchChromium({ animated: true });
    const starts: Start[] = [];
    try {
      await using controls = await startControls(browser);
      for (let round = 0; round < ROUNDS; round++) starts.push(await startOnce(file.path));
      const control = controlOf(await controls.read(), 'worklet', 0.9, 20);
      const load = machineLoad();
      const row = (what: string, values: readonly number[], claim: Claim) => ({
        what,
        value: median(values),
        unit: claim.unit,
        detail: summary(values),
        claim,
        control,
        load,
      });
      const lost = starts.reduce((sum, { lostSteps }) => sum + lostSteps, 0);
      return [
        row(
          'open socket to `session.update`',
          starts.map(({ openToUpdateMs }) => openToUpdateMs),
          UPDATE,
        ),
        row(
          'click to `session.update`',
          starts.map(({ clickToUpdateMs }) => clickToUpdateMs),
          CLICK,
        ),
        row(
          `click to the greeting, less ${NETWORK_MS} ms of network`,
          starts.map(({ clickToSoundMs }) => clickToSoundMs - NETWORK_MS),
          GREETING,
        ),
        { what: 'tones that the server did not hear', value: lost, unit: '', claim: WORDS, control, load },
      ];
    } finally {
      await browser.close();
    }
  },
};
