import type { CDPSession, Page } from '@playwright/test';

interface Answer {
  readonly id?: number;
  readonly result?: unknown;
}

export type Thread = 'worklet' | 'worker';

/** The JavaScript heap of a page's AudioWorklet or Worker, seen through the browser's debugger. Chromium only. */
export class ThreadHeap {
  readonly #session: CDPSession;
  readonly #target: Promise<string>;
  readonly #waiting = new Map<number, (result: unknown) => void>();
  #count = 0;

  private constructor(session: CDPSession, thread: Thread) {
    this.#session = session;
    this.#target = new Promise((resolve) => {
      session.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
        if (targetInfo.type === thread) resolve(sessionId);
      });
    });
    session.on('Target.receivedMessageFromTarget', ({ message }) => {
      const { id, result } = JSON.parse(message) as Answer;
      if (id !== undefined) this.#waiting.get(id)?.(result);
    });
  }

  /** Create this before the page creates its thread. */
  static async watch(page: Page, thread: Thread = 'worklet'): Promise<ThreadHeap> {
    const session = await page.context().newCDPSession(page);
    const heap = new ThreadHeap(session, thread);
    const settings = { autoAttach: true, waitForDebuggerOnStart: false, flatten: false };
    await session.send('Target.setAutoAttach', settings);
    return heap;
  }

  /** @param collected after a garbage collection */
  async usedBytes({ collected }: { readonly collected: boolean }): Promise<number> {
    if (collected) await this.#send('HeapProfiler.collectGarbage');
    const usage = (await this.#send('Runtime.getHeapUsage')) as { usedSize: number };
    return usage.usedSize;
  }

  async #send(method: string): Promise<unknown> {
    const id = ++this.#count;
    const answer = new Promise<unknown>((resolve) => this.#waiting.set(id, resolve));
    const sessionId = await this.#target;
    await this.#session.send('Target.sendMessageToTarget', {
      sessionId,
      message: JSON.stringify({ id, method }),
    });
    return answer;
  }
}
