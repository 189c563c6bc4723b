import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { pageWatch } from '../../../src/client/page-watch.js';
import { stubPage } from '../../support/client-page.js';

/** The channels of all pages of an origin. A message arrives at those that are open by then. */
class Channel {
  static readonly open = new Set<Channel>();
  static waiting: (() => void)[] = [];
  onmessage: ((event: { readonly data: unknown }) => void) | undefined;

  constructor() {
    Channel.open.add(this);
  }

  postMessage(data: unknown): void {
    Channel.waiting.push(() => {
      for (const other of Channel.open) if (other !== this) other.onmessage?.({ data });
    });
  }

  close(): void {
    Channel.open.delete(this);
  }

  static deliver(): void {
    for (let next = this.waiting.shift(); next; next = this.waiting.shift()) next();
  }
}

const calls = new Set<string>();

/** A call begins; when it is told to, it ends. */
function begin(name: string, page: EventTarget): void {
  calls.add(name);
  vi.stubGlobal('window', page);
  const end = new AbortController();
  pageWatch(
    () => {
      calls.delete(name);
      end.abort();
    },
    () => undefined,
    end.signal,
  );
}

beforeEach(() => {
  stubPage();
  vi.stubGlobal('BroadcastChannel', Channel);
  vi.spyOn(Date, 'now').mockReturnValue(1_000);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  Channel.open.clear();
  calls.clear();
});

it.each([
  ['before they know of each other', () => undefined],
  ['one after the other', () => Channel.deliver()],
])('of calls that begin in three pages in the same millisecond, one stays: %s', (_, pass) => {
  // The order is random.
  for (let run = 0; run < 50; run++) {
    calls.clear();
    Channel.open.clear();
    for (const name of ['a', 'b', 'c']) {
      begin(name, new EventTarget());
      pass();
    }
    Channel.deliver();
    expect(calls.size).toBe(1);
  }
});

it('of calls that begin in one page in the same millisecond, the last one stays', () => {
  for (let run = 0; run < 50; run++) {
    calls.clear();
    Channel.open.clear();
    const page = new EventTarget();
    for (const name of ['a', 'b', 'c']) {
      begin(name, page);
      Channel.deliver();
    }
    expect([...calls]).toEqual(['c']);
  }
});

it('a call that is told to end, and has not ended yet, ends no other', () => {
  for (let run = 0; run < 50; run++) {
    calls.clear();
    Channel.open.clear();
    const page = new EventTarget();
    calls.add('a');
    vi.stubGlobal('window', page);
    pageWatch(
      () => calls.delete('a'),
      () => undefined,
      new AbortController().signal,
    );
    Channel.deliver();
    begin('b', page);
    Channel.deliver();
    expect([...calls]).toEqual(['b']);
  }
});
