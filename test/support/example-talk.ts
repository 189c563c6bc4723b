import type { Browser } from 'playwright';
import { afterAll, beforeAll, expect } from 'vitest';
import { AgentRecording } from '../../agent/recording.js';
import { startAgent, type AgentServer, type AgentServerOptions } from '../../agent/server.js';
import { Voice } from '../../agent/voice.js';
import { holdCall, launchQuietChromium, openPage } from './page-call.js';

/** The agent and the browser for calls on examples. */
export interface ExampleTalk {
  readonly agent: AgentServer;
  readonly recording: AgentRecording;
  readonly browser: Browser;
}

/** Starts an agent and a browser before the tests of a file, and ends them afterwards. */
export function prepareTalk(options: AgentServerOptions = {}): ExampleTalk {
  let talk: ExampleTalk | undefined;
  const ready = (): ExampleTalk => {
    if (talk === undefined) throw new Error('Only tests and hooks may use this.');
    return talk;
  };
  beforeAll(async () => {
    const agent = await startAgent(options);
    const recording = new AgentRecording(agent.events);
    // On a busy machine, the first synthesized words take long.
    await Voice.shared.speak('Hello.', 'alba', 24_000);
    talk = { agent, recording, browser: await launchQuietChromium() };
  });
  afterAll(async () => {
    await talk?.browser.close();
    await talk?.agent.close();
  });
  return {
    get agent() {
      return ready().agent;
    },
    get recording() {
      return ready().recording;
    },
    get browser() {
      return ready().browser;
    },
  };
}

/**
 * Makes a call on the page of a framework's example, and checks its events, properties and session.
 *
 * @param name of the framework, as in the greeting
 */
export async function expectConversation(talk: ExampleTalk, url: string, name: string): Promise<void> {
  const before = talk.recording.connections.length;
  const { page, consoleErrors } = await openPage(talk.browser, url);
  await page.waitForFunction(() => document.querySelector('#state')?.textContent === 'idle');
  // Words appear as they are heard.
  await holdCall(page, () => page.locator('#words', { hasText: `Hello from ${name}` }).waitFor());
  await page.waitForFunction(() => document.querySelector('#state')?.textContent === 'ended');
  expect(consoleErrors).toEqual([]);
  const sessions = talk.recording.connections.slice(before);
  expect(sessions).toHaveLength(1);
  const update = sessions[0]!.clientMessages.find(({ message }) => message.type === 'session.update');
  expect(JSON.stringify(update)).toContain('get_time');
  await page.context().close();
}
