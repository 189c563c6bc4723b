/** A plain page with one `<voice-agent>`, and its events. */
import type { Frame, Page } from '@playwright/test';
import type { VoiceAgentEventMap } from '../../src/client/events.js';
import type { VoiceAgentState } from '../../src/session/state.js';
import { servePage, type PageServer } from './page-server.js';

/** A page, or a frame in one. */
export type AgentDocument = Page | Frame;

export type EventName = keyof VoiceAgentEventMap;

export interface PageEvent<Name extends EventName = EventName> {
  readonly type: Name;
  readonly detail: VoiceAgentEventMap[Name]['detail'];
  /** `Date.now()` when the page received it. */
  readonly atEpochMs: number;
}

/** The part of the element that tests call. */
interface TestedElement extends HTMLElement {
  start(): Promise<void>;
  stop(): Promise<void>;
  interrupt(): void;
  readonly state: VoiceAgentState;
}

declare global {
  interface Window {
    agentEvents: PageEvent[];
    agent: TestedElement;
    /** All microphone tracks that the page has received. */
    microphoneTracks: MediaStreamTrack[];
  }
}

const EVENT_NAMES: readonly EventName[] = [
  'state-change',
  'session-ready',
  'session-end',
  'speech-start',
  'speech-end',
  'transcript',
  'reply-start',
  'reply-end',
  'interruption',
  'reply-hold',
  'tool-call',
  'agent-error',
  'stats',
  'speaker-change',
];

/** Runs in the page: records every event and every microphone track. */
export function agentPageHtml(attributes: Readonly<Record<string, string>>): string {
  const escape = (text: string) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  const tag = Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escape(value)}"`)
    .join('');
  return `<!doctype html>
<html lang="en">
  <meta charset="utf-8" />
  <meta name="viewport" content="width=device-width, initial-scale=1" />
  <title>Voice agent under test</title>
  <script>
    window.agentEvents = [];
    window.microphoneTracks = [];
    for (const type of ${JSON.stringify(EVENT_NAMES)}) {
      document.addEventListener(type, ({ detail }) => {
        window.agentEvents.push({ type, detail, atEpochMs: Date.now() });
      });
    }
    const devices = navigator.mediaDevices;
    if (devices) {
      const getUserMedia = devices.getUserMedia.bind(devices);
      devices.getUserMedia = async (constraints) => {
        const stream = await getUserMedia(constraints);
        window.microphoneTracks.push(...stream.getAudioTracks());
        return stream;
      };
    }
    window.addEventListener('DOMContentLoaded', () => {
      window.agent = document.querySelector('voice-agent');
    });
  </script>
  <script type="module" src="/dist/voice-agent.js"></script>
  <body>
    <voice-agent${tag}></voice-agent>
  </body>
</html>`;
}

export function serveAgentPage(attributes: Readonly<Record<string, string>>): Promise<PageServer> {
  return servePage(agentPageHtml(attributes));
}

/** Opens the page and waits until the element is defined. */
export async function openAgentPage(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.waitForFunction(() => customElements.get('voice-agent') !== undefined);
}

/** @returns the error's code if `start()` is rejected */
export function startCall(page: AgentDocument): Promise<string | undefined> {
  return page.evaluate(() =>
    window.agent.start().then(
      () => undefined,
      (error: unknown) => String((error as { code?: unknown }).code),
    ),
  );
}

export function stopCall(page: AgentDocument): Promise<void> {
  return page.evaluate(() => window.agent.stop());
}

export async function readEvents<Name extends EventName>(
  page: AgentDocument,
  type: Name,
): Promise<PageEvent<Name>[]> {
  const events = await page.evaluate(() => window.agentEvents);
  return events.filter((event): event is PageEvent<Name> => event.type === type);
}

/** Waits until the page has received this many events of the type, and returns all of them. */
export async function waitForEvents<Name extends EventName>(
  page: Page,
  type: Name,
  count = 1,
): Promise<PageEvent<Name>[]> {
  await page.waitForFunction(
    ([name, wanted]) => window.agentEvents.filter((event) => event.type === name).length >= wanted,
    [type, count] as const,
  );
  return readEvents(page, type);
}

export async function waitForState(page: AgentDocument, state: VoiceAgentState): Promise<void> {
  await page.waitForFunction((wanted) => window.agent.state === wanted, state);
}

/**
 * Blocks the page's main thread until it is released: neither tasks nor messages of ports, Workers or worklets run.
 *
 * @returns resolves when it is blocked. `release()` returns the times between which nothing ran, by the page's clock.
 */
export async function holdPage(page: Page, web: PageServer): Promise<{ release(): Promise<Block> }> {
  const held = web.holding();
  const over = page.evaluate(() => {
    const fromEpochMs = Date.now();
    const request = new XMLHttpRequest();
    request.open('GET', '/hold', false);
    request.send();
    return { fromEpochMs, toEpochMs: Date.now() };
  });
  const { release } = await held;
  return {
    release: () => {
      release();
      return over;
    },
  };
}

export interface Block {
  readonly fromEpochMs: number;
  readonly toEpochMs: number;
}

/**
 * Keeps the page's main thread busy from a given time on, like a heavy script.
 *
 * @returns resolves when it is free again, with the actual times of the block
 */
export function blockPage(page: Page, atEpochMs: number, durationMs: number): Promise<Block> {
  return page.evaluate(
    ([at, ms]) =>
      new Promise<Block>((resolve) => {
        setTimeout(() => {
          const fromEpochMs = Date.now();
          while (Date.now() - fromEpochMs < ms);
          resolve({ fromEpochMs, toEpochMs: Date.now() });
        }, at - Date.now());
      }),
    [atEpochMs, durationMs] as const,
  );
}
