import { openAgentPage, readEvents, serveAgentPage, startCall } from '../support/agent-page.js';
import { scheduleMicrophone, writeMicrophoneFile } from '../support/fake-microphone.js';
import { machineLoad, type Claim } from '../support/figures.js';
import { launchChromium } from '../support/launch-chromium.js';
import { readMicrophone, recordMicrophone } from '../support/microphone-recorder.js';
import { ScriptedServer } from '../support/scripted-server.js';
import { firstAudibleFrame } from '../support/sound-level.js';
import { renderedAtEpochMs } from '../support/speaker-recorder.js';
import { makeTone } from '../support/tones.js';
import { controlOf, startControls } from './controls.js';
import { median, summary, type Scenario } from './scenario.js';

const LOUD = 0.1;
/** A packet holds 50 ms: its first sample waits for the last. */
const CAPTURE: Claim = { figure: 'microphone to network, median', bound: 'at most', limit: 65, unit: 'ms' };

export const scenario: Scenario = {
  name: 'capture',
  about: 'From the first sample of a packet, at the microphone, to the arrival of the packet at the server.',
  claims: [CAPTURE],
  async run() {
    const tone = makeTone({ frequencyHz: 1_000, durationMs: 500, amplitude: 0.5, rateHz: 48_000, rampMs: 0 });
    await using file = await writeMicrophoneFile(scheduleMicrophone([{ atMs: 2_000, sound: tone }]));
    await using server = await ScriptedServer.listen();
    await using web = await serveAgentPage({ 'server-url': server.url, token: 'a-token' });
    const browser = await launchChromium({ animated: true, microphoneWav: file.path });
    try {
      await using controls = await startControls(browser);
      const page = await browser.newPage();
      await recordMicrophone(page);
      await openAgentPage(page, web.url);
      await startCall(page);
      const call = await server.call();
      await call.inputOfAtLeast(12_000);
      const packets = [...call.packets];
      const microphone = await readMicrophone(page);
      const lateness = await controls.read();

      // The tone's first sample, before and after the whole path, including the delay of the filters.
      const input = call.input();
      const offsetSeconds =
        firstAudibleFrame(microphone.samples, LOUD) / microphone.rateHz -
        firstAudibleFrame(input.samples, LOUD) / input.rateHz;
      let sentMs = 0;
      const delaysMs = packets.flatMap(({ atEpochMs, bytes }) => {
        const frame = Math.round((offsetSeconds + sentMs / 1_000) * microphone.rateHz);
        sentMs += bytes.length / 48;
        // The first packets began before the recorder did.
        return frame < 0 ? [] : [atEpochMs - renderedAtEpochMs(microphone, frame)];
      });
      const stats = (await readEvents(page, 'stats')).map(({ detail }) => detail);
      const reported = stats.flatMap(({ captureDelayMs }) => captureDelayMs ?? []);
      const load = machineLoad();
      return [
        {
          what: 'microphone to network',
          value: median(delaysMs),
          unit: 'ms',
          detail: summary(delaysMs),
          claim: CAPTURE,
          control: controlOf(lateness, 'socket', 0.9, 15),
          load,
        },
        {
          what: 'the same, from `stats`',
          value: median(reported),
          unit: 'ms',
          detail: summary(reported),
          load,
        },
      ];
    } finally {
      await browser.close();
    }
  },
};
