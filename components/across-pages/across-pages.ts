/**
 * A call that continues on the next page. The page that is left stores what the session needs, for this tab only, and
 * does not end the session. The tag of the next page claims the call and resumes the session.
 */
import type { ReactiveControllerHost } from 'lit';
import { attributeName, CALL_OPTIONS } from '../../src/index.js';
import type { ConversationAgent } from '../voice-agent/call-options.js';
import type { ElementOptions } from '../voice-agent/element-options.js';
import type { UiProperties } from '../voice-agent/ui-options.js';
import { VISITOR_CHOICES, type VisitorChoice } from '../voice-agent/visitor-choices.js';
import { isActive } from '../parts/conversation-view.js';
import { whenRemoved } from '../parts/removal.js';
import { watchLeaving } from './page-leaving.js';
import { KeptSound } from './kept-sound.js';
import { continuedLines, laterOn, resumedSession, storable } from './resumed-session.js';
import { forgetCall, readCall, storeCall, type StoredCall } from './stored-call.js';

/** The service keeps a session for 30 s; connecting to it takes some of that time. */
const MAX_AGE_MS = 25_000;

/** What applies to the call, and not to the page alone. */
type Choices = Pick<ElementOptions<typeof CALL_OPTIONS> & UiProperties & HTMLElement, VisitorChoice>;
/** Carried over even if they are the page's own. */
const ALWAYS: readonly string[] = ['muted', 'open', 'inputMode'] satisfies readonly VisitorChoice[];

/** The part of the tag that is used here. */
interface Host extends EventTarget, ReactiveControllerHost, Choices {
  readonly keepAcrossPages: boolean;
  readonly needsConsent: boolean;
  readonly isConnected: boolean;
  readonly agentId?: string | null | undefined;
  readonly systemPrompt?: string | null | undefined;
  readonly serverUrl?: string | null | undefined;
  readonly region?: string | null | undefined;
  readonly maxDuration?: number | null | undefined;
}

/** @internal `keep-across-pages` of one `<voice-agent>`. */
export class AcrossPages {
  readonly #host: Host;
  readonly #agent: () => ConversationAgent;
  readonly #chosen: ReadonlySet<string>;
  readonly #field: { value: string };
  readonly #proceed: (choices: Choices, sinceMs: number) => void;
  /** While the tag is in the page, or out of it for a moment. */
  #watching: AbortController | undefined;
  #hasLooked = false;
  #kept:
    | (Pick<StoredCall<Choices>, 'session' | 'readyAtMs'> & {
        readonly atMs: number;
        /** Set while a session of an earlier page is not resumed yet. */
        readonly leftAtMs?: number | undefined;
      })
    | undefined;

  /**
   * @param agent of the tag, with its present options
   * @param chosen the attributes whose values the visitor has changed
   * @param field with the visitor's draft
   * @param proceed takes the visitor's choices on the earlier page, and when the call began, on this page's clock
   */
  constructor(
    host: Host,
    agent: () => ConversationAgent,
    chosen: ReadonlySet<string>,
    field: { value: string },
    proceed: (choices: Choices, sinceMs: number) => void,
  ) {
    this.#host = host;
    this.#agent = agent;
    this.#chosen = chosen;
    this.#field = field;
    this.#proceed = proceed;
    // Events bubble, so ignore those of another tag inside this one.
    host.addEventListener('session-ready', ({ target }) => target === host && this.#keep());
    host.addEventListener('session-end', ({ target }) => {
      if (target === host) this.#kept = undefined;
    });
    this.#keep();
    host.addController({ hostConnected: () => this.#watch() });
    whenRemoved(host, () => {
      this.#watching?.abort();
      this.#watching = undefined;
    });
  }

  /** Claims a call only once: if a tag is moved, or removed and inserted again, nobody expects a call to begin. */
  #watch(): void {
    if (this.#watching) return;
    const { signal } = (this.#watching = new AbortController());
    watchLeaving(() => this.#handOver(), signal);
    // The page comes back from the back/forward cache.
    addEventListener('pageshow', ({ persisted }) => persisted && this.#claim(), { signal });
    // A page that the browser has loaded in advance is not visited yet.
    const { prerendering } = document as { prerendering?: boolean };
    if (prerendering) document.addEventListener('prerenderingchange', () => this.#claim(), { signal });
    else if (!this.#hasLooked) this.#claim();
    this.#hasLooked = true;
  }

  #keep(): void {
    // It was kept by an earlier page.
    if (isActive(this.#agent().state) && !this.#listen()) this.#kept = undefined;
  }

  /**
   * @param leftAtMs when an earlier page was left whose session is not resumed yet, and how long its connection had been
   * lost: only the time since that page counts
   * @returns whether the call can be kept; one that has not begun cannot yet
   */
  #listen(leftAtMs?: number, lostMs?: number): boolean {
    const sound = new KeptSound();
    return this.#agent().keep((news, readyAtMs) => {
      const session = news && sound.added(news);
      this.#kept = session && {
        session: {
          ...session,
          connection: { ...session.connection, lostMs: lostMs ?? session.connection.lostMs },
        },
        readyAtMs,
        atMs: Date.now(),
        leftAtMs,
      };
    });
  }

  /** If anything fails, the call ends, as on any other page. */
  #handOver(): void {
    const agent = this.#agent();
    const kept = this.#kept;
    if (!kept || !this.#host.keepAcrossPages || !isActive(agent.state)) return;
    const nowMs = Date.now();
    const stored: StoredCall<Choices> = {
      agent: this.#agentKey,
      leftAtMs: kept.leftAtMs ?? nowMs,
      choices: this.#choices,
      draft: this.#field.value,
      readyAtMs: kept.readyAtMs,
      transcript: agent.transcript,
      // While the session of an earlier page is not resumed, only the time since that page counts.
      session: storable(
        kept.leftAtMs === undefined ? laterOn(kept.session, Math.max(0, nowMs - kept.atMs)) : kept.session,
      ),
    };
    if (storeCall(stored)) agent.handOver();
  }

  /** Reading deletes the stored call, so that no other tag can claim it. */
  #claim(): void {
    const stored = readCall<Choices>(this.#agentKey);
    const { isConnected, keepAcrossPages, needsConsent, maxDuration } = this.#host;
    // A tag that was replaced has nothing to show a call with; another tag may claim it.
    if (!isConnected || !stored || !keepAcrossPages || needsConsent || isActive(this.#agent().state)) return;
    forgetCall();
    const { leftAtMs, readyAtMs = leftAtMs, transcript, choices, draft } = stored;
    const nowMs = Date.now();
    if (nowMs - leftAtMs > MAX_AGE_MS) return;
    this.#field.value = draft;
    this.#proceed(choices, performance.now() - (nowMs - readyAtMs));
    // This page may be left before its session reports anything.
    this.#kept = { session: stored.session, readyAtMs, atMs: nowMs, leftAtMs };
    this.#listen(leftAtMs, stored.session.connection.lostMs);
    const limitMs = (maxDuration ?? CALL_OPTIONS.maxDuration.default) * 1_000;
    const resumed = resumedSession(stored.session, nowMs - leftAtMs);
    const lines = continuedLines(transcript, resumed, leftAtMs);
    const session = {
      resumed,
      // A call has one limit, over all its pages.
      ...(limitMs > 0 && { maxDurationMs: Math.max(1, limitMs - (nowMs - readyAtMs)) }),
    };
    const started = this.#agent().resume({ readyAtMs, transcript: lines, session });
    // `agent-error` and the UI report failures.
    started.catch(() => undefined);
  }

  /** JSON has no undefined. */
  get #choices(): Choices {
    const names = VISITOR_CHOICES.filter(
      (name) => ALWAYS.includes(name) || this.#chosen.has(attributeName(name)),
    );
    return Object.fromEntries(names.map((name) => [name, this.#host[name] ?? null])) as Choices;
  }

  get #agentKey(): string {
    const { agentId, systemPrompt, serverUrl, region } = this.#host;
    return JSON.stringify([agentId, systemPrompt, serverUrl, region].map((value) => value ?? ''));
  }
}
