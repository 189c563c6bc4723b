/** Calls between the built element and the local agent in trouble, and a second opinion on all that the client says. */
import { expect, type Browser, type Page } from '@playwright/test';
import { startAgent, type AgentServer } from '../../agent/server.js';
import type { ClientMessage } from '../../agent/protocol.js';
import { agentPageHtml, openAgentPage, readEvents, waitForEvents } from './agent-page.js';
import { servePage } from './page-server.js';

/** What tests of trouble call besides. */
interface TalkingElement extends HTMLElement {
  say(text: string): void;
  tools: unknown;
}

/** What the client said on one connection, in order; `undefined` where the agent's schema refused it. */
export interface Heard {
  readonly connectionId: number;
  readonly message: ClientMessage | undefined;
  readonly text: string;
}

export interface FaultCall extends AsyncDisposable {
  readonly page: Page;
  readonly agent: AgentServer;
  /** Everything but sound. */
  readonly heard: Heard[];
  /** Messages of the client that the schemas, written apart from its types, did not accept, or had unknown fields. */
  readonly objections: string[];
  /** Decoded microphone sound, whichever session it came to. */
  readonly sound: Float32Array[];
}

/**
 * A page whose every session meets the faults.
 * @param fault as in the agent's `?fault=`; empty for a healthy agent.
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
    ...{ page, agent, heard, objections, sound },
    async [Symbol.asyncDispose]() {
      await context.close();
      await web[Symbol.asyncDispose]();
      await agent.close();
    },
  };
}

/**
 * What the page was told while the call went on. That sound of the user was dropped is told only where some was: a call keeps
 * a few seconds, and how soon its connection takes them is the machine's affair.
 */
export async function toldInCall(page: Page): Promise<string[]> {
  const codes = (await readEvents(page, 'agent-error')).map(({ detail }) => detail.code);
  if (codes.includes('microphone_audio_dropped')) expect(await packetsDropped(page)).toBeGreaterThan(0);
  return codes.filter((code) => code !== 'microphone_audio_dropped');
}

/** Packets of 50 ms that the call has dropped by its own account. */
export async function packetsDropped(page: Page): Promise<number> {
  const ticks = (await readEvents(page, 'stats')).length;
  // What is told next may have been counted before.
  return (await waitForEvents(page, 'stats', ticks + 2)).at(-1)!.detail.packetsDropped;
}

/** Something typed; the agent answers it aloud. */
export function say(page: Page, text: string): Promise<void> {
  return page.evaluate((words) => (window.agent as unknown as TalkingElement).say(words), text);
}

/** A tool of the page that answers with what it was given. */
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

/** Waits until the agent has heard what is looked for. */
export async function untilHeard<T>(what: string, find: () => T | undefined): Promise<T> {
  await expect.poll(() => find() !== undefined, { message: what, timeout: 60_000 }).toBe(true);
  return find()!;
}

/** The conversation as told to a session that took over, and how it began. */
export function openings(call: FaultCall): ClientMessage[] {
  const first = new Map<number, ClientMessage>();
  for (const { connectionId, message } of call.heard) {
    if (message && !first.has(connectionId)) first.set(connectionId, message);
  }
  return [...first.values()];
}
