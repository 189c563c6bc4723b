/** Calls between the built element and a local agent with faults. Everything that the client sends is validated. */
import { expect, type Browser, type Page } from '@playwright/test';
import { startAgent, type AgentServer } from '../../agent/server.js';
import type { ClientMessage } from '../../agent/protocol.js';
import { agentPageHtml, openAgentPage, readEvents, waitForEvents } from './agent-page.js';
import { servePage } from './page-server.js';

/** Further methods of the element that these tests call. */
interface TalkingElement extends HTMLElement {
  say(text: string): void;
  tools: unknown;
}

/** The client's messages on one connection, in order; `undefined` for those that the agent's schema refused. */
export interface Heard {
  readonly connectionId: number;
  readonly message: ClientMessage | undefined;
  readonly text: string;
}

export interface FaultCall extends AsyncDisposable {
  readonly page: Page;
  readonly agent: AgentServer;
  /** All messages except audio. */
  readonly heard: Heard[];
  /** The client's messages that the agent's schemas refused, and fields that they do not know. */
  readonly objections: string[];
  /** Decoded microphone audio of all sessions. */
  readonly sound: Float32Array[];
}

/**
 * A page whose sessions all have these faults.
 * @param fault as in the agent's `?fault=`; empty for none
 */
export async function openFaultCall(
  browser: Browser,
  fault: string,
  attributes: Readonly<Record<string, string>> = {},
): Promise<FaultCall> {
  const agent = await startAgent();
  const heard: Heard[] = [];
  const objections: string[] = [];
  const sound: Float32Array[] = [];
  agent.events.on('client-message', ({ connectionId, message, text, unknownFields }) => {
    if (message === undefined) objections.push(text.slice(0, 200));
    objections.push(...unknownFields);
    if (message?.type !== 'input.audio') heard.push({ connectionId, message, text });
  });
  agent.events.on('input-audio', ({ samples }) => sound.push(samples.slice()));
  const tokenUrl = `${agent.url}/voice-token?fault=${encodeURIComponent(fault)}&scope=page`;
  const web = await servePage(agentPageHtml({ 'token-url': tokenUrl, greeting: 'Hello.', ...attributes }));
  const context = await browser.newContext();
  const page = await context.newPage();
  await openAgentPage(page, web.url);
  return {
    page,
    agent,
    heard,
    objections,
    sound,
    async [Symbol.asyncDispose]() {
      await context.close();
      await web[Symbol.asyncDispose]();
      await agent.close();
    },
  };
}

/**
 * Codes of the non-fatal errors during the call. `microphone_audio_dropped` counts only if packets were dropped: whether
 * a connection accepts the kept audio in time depends on this machine.
 */
export async function toldInCall(page: Page): Promise<string[]> {
  const codes = (await readEvents(page, 'agent-error')).map(({ detail }) => detail.code);
  if (codes.includes('microphone_audio_dropped')) expect(await packetsDropped(page)).toBeGreaterThan(0);
  return codes.filter((code) => code !== 'microphone_audio_dropped');
}

/** Packets of 50 ms that the call has dropped, according to its `stats`. */
export async function packetsDropped(page: Page): Promise<number> {
  const ticks = (await readEvents(page, 'stats')).length;
  // The next `stats` may have been counted before the latest drop.
  return (await waitForEvents(page, 'stats', ticks + 2)).at(-1)!.detail.packetsDropped;
}

/** Types a message, which the agent answers aloud. */
export function say(page: Page, text: string): Promise<void> {
  return page.evaluate((words) => (window.agent as unknown as TalkingElement).say(words), text);
}

/** A tool of the page that returns its arguments. */
export function offerTool(page: Page): Promise<void> {
  return page.evaluate(() => {
    (window.agent as unknown as TalkingElement).tools = [
      {
        name: 'echo',
        description: 'Gives back a number.',
        parameters: { type: 'object', properties: { number: { type: 'integer' } }, required: ['number'] },
        handler: ({ number }: { number: number }) => ({ number }),
      },
    ];
  });
}

/** Waits until the audio that the agent received satisfies a condition. */
export async function untilHeard<T>(what: string, find: () => T | undefined): Promise<T> {
  await expect.poll(() => find() !== undefined, { message: what, timeout: 60_000 }).toBe(true);
  return find()!;
}

/** The client's first message of each connection, in order. */
export function openings(call: FaultCall): ClientMessage[] {
  const first = new Map<number, ClientMessage>();
  for (const { connectionId, message } of call.heard) {
    if (message && !first.has(connectionId)) first.set(connectionId, message);
  }
  return [...first.values()];
}
