import type { PropertyDeclarations, PropertyValues, TemplateResult } from 'lit';
import { attributeName, CALL_OPTIONS, VoiceAgentError } from '../../src/index.js';
import { announceConversation, provideConversation } from '../conversation/conversation-context.js';
import { Conversation } from '../conversation/conversation-store.js';
import { layoutTemplate } from '../layouts/layout-template.js';
import type { Messages } from '../locales/en.js';
import { addLanguage } from '../locales/languages.js';
import { followLanguage, parseTexts } from '../locales/locale-controller.js';
import { CallProgress } from '../parts/call-progress.js';
import { allowedValue } from '../parts/allowed-value.js';
import { textField } from '../parts/composer-template.js';
import { isActive, type ConversationActions, type ConversationView } from '../parts/conversation-view.js';
import { LAYOUTS, PLACEMENTS, THEMES, VISUALIZERS, type VisualizerName } from '../parts/ui-choices.js';
import { paintVisualizer } from '../parts/visualizer-controller.js';
import { heedDeliberatePresses } from '../parts/deliberate-press.js';
import { pushToTalk } from '../parts/push-to-talk.js';
import { listenToKeys } from '../parts/key-command.js';
import { ConsentGate, consentWords, isConsentGiven } from '../parts/consent-gate.js';
import { keepFocus } from '../parts/focus-keeper.js';
import { keepReadingPlace } from '../parts/reading-place.js';
import { keepScrolling } from '../parts/scroll-areas.js';
import { showInTopLayer } from '../parts/top-layer.js';
import { showInSystem } from '../parts/system-presence.js';
import { followPageTheme } from '../themes/page-theme.js';
import { CallElement } from './call-element.js';
import { initialValues, propertiesOf, toFlag } from './element-options.js';
import { ExtrasRow, loadParts } from './extras.js';
import { UI_OPTIONS, type UiProperties } from './ui-options.js';
import { ShownState, STATE_ATTRIBUTES } from './shown-state.js';
import type { VisitorChoice } from './visitor-choices.js';
import { voiceAgentStyles } from './voice-agent.styles.js';

const OPTIONS = { ...CALL_OPTIONS, ...UI_OPTIONS };

/** Adds the properties from the table of options. Exists only at compile time. */
const TypedCallElement = CallElement as unknown as Pick<typeof CallElement, keyof typeof CallElement> &
  (abstract new () => UiProperties & CallElement);

/**
 * @summary A live spoken conversation with a voice agent: microphone, voice, transcript and controls in one tag.
 *
 * @tag voice-agent
 *
 * @slot header - Above everything else: a name, a logo. Takes no space while empty.
 * @slot icon - Replaces the handset in the call button.
 * @slot start-label - In the layout `button`: its label while there is no call.
 * @slot launcher - In the layout `floating`: the content of the launcher.
 * @slot - In the layout `headless`: the page's own UI.
 * @slot empty - Replaces the welcome while nothing has been said.
 * @slot consent - With `require-consent`: what the visitor agrees to.
 * @slot footer - Below the controls: a legal note, a link. Takes no space while empty.
 *
 * @cssstate muted - The microphone is muted.
 * @cssstate open - The card of `floating` is open.
 * @cssstate user-speaking - The user is speaking.
 *
 * @csspart panel - The card around everything.
 * @csspart presence - The visualizer and the status text.
 * @csspart visualizer - The box of the visualizer.
 * @csspart status - The status text.
 * @csspart timer - The length of the call.
 * @csspart empty - The welcome.
 * @csspart transcript - The scrolling transcript.
 * @csspart entry - One utterance; also `entry-user` or `entry-agent`.
 * @csspart entry-text - The words of an utterance.
 * @csspart entry-unheard - Words of the agent that were never heard, struck through.
 * @csspart entry-note - Marks an utterance as interrupted or not spoken.
 * @csspart consent - The consent question; also `agree-button` and `decline-button`.
 * @csspart error - The error box.
 * @csspart error-message - What happened.
 * @csspart error-hint - What to do about it.
 * @csspart ai-notice - Says before the first sound that an AI answers.
 * @csspart notice - A notice during the call.
 * @csspart controls - The row of buttons.
 * @csspart button - Every button; also `call-button`, `mute-button`, `talk-button`, `interrupt-button`, `retry-button`,
 *   `write-button`, `close-button`.
 * @csspart caption - In the layout `bar`: the latest words.
 * @csspart composer - The text field; also `input` and `send-button`.
 * @csspart launcher - In the layout `floating`: the button in the corner.
 * @csspart sheet - In the layout `floating`: the container of the card.
 * @csspart extras - The row of optional features: devices, recording, transcript, quality.
 * @csspart icon - The icon in a button.
 *
 * @cssprop [--voice-agent-accent=#2f55e0] - Call button, focus rings, the agent in the visualizer.
 * @cssprop [--voice-agent-on-accent=#fff] - Text and icons on the accent.
 * @cssprop [--voice-agent-surface=#fff] - Background of the card.
 * @cssprop [--voice-agent-text=#14171f] - Text; softer tones are derived from it.
 * @cssprop [--voice-agent-danger=#c62f36] - The button that ends the call, errors, the muted state.
 * @cssprop [--voice-agent-agent-color] - The agent in the visualizer. Default: the accent.
 * @cssprop [--voice-agent-agent-color-2=#1fc8d8] - Its second colour.
 * @cssprop [--voice-agent-agent-color-3=#7b45f0] - Its third colour.
 * @cssprop [--voice-agent-user-color=#ee6a35] - The user, in the visualizer and the transcript.
 * @cssprop [--voice-agent-radius=1.25em] - Corners of the card.
 * @cssprop [--voice-agent-shadow] - Shadow of the card.
 * @cssprop [--voice-agent-font=system-ui] - Typeface.
 * @cssprop [--voice-agent-font-size=1rem] - Font size; everything scales with it. By default at least 16px.
 * @cssprop [--voice-agent-height=34em] - Height of the card; the default of a wide card is 28em.
 * @cssprop [--voice-agent-inset=1.25em] - In the layout `floating`: distance from the edges of the window.
 * @cssprop [--voice-agent-z-index=1000] - For `floating`, and the messages of `button`: the z-index among the layers of the page. By default they are above the page.
 * @cssprop [--voice-agent-button-size=4em] - Diameter of the call button.
 */
export class VoiceAgentElement extends TypedCallElement {
  static override readonly styles = voiceAgentStyles;

  static override readonly properties: PropertyDeclarations = {
    ...propertiesOf(OPTIONS),
    texts: { converter: parseTexts },
    // Style sheets select by these, so a value that a script sets is reflected unless it is the default.
    layout: { reflect: true, useDefault: true },
    theme: { reflect: true, useDefault: true },
  };

  static override get observedAttributes(): string[] {
    return [...super.observedAttributes, ...STATE_ATTRIBUTES];
  }

  readonly #shown = new ShownState(this);
  /** The attributes whose values the visitor has changed. */
  readonly #chosen = new Set<string>();
  readonly #readMessages = followLanguage(this);
  readonly #talk = pushToTalk(this);
  readonly #consent = new ConsentGate(this);
  readonly #focus = keepFocus(this);
  readonly #extras = new ExtrasRow();
  readonly #field = textField();
  #acrossPages: unknown;
  #analytics: { push(event: Event): unknown } | undefined;
  readonly #showLevels = paintVisualizer(this, (): VisualizerName => this.#look);
  readonly #actions: ConversationActions = {
    // A press just after the call ended was meant for the end button and must not start another call.
    toggleCall: ({ isTrusted }) => {
      if (!isTrusted || !this.#progress.hasJustEnded) this.toggle();
    },
    toggleMuted: () => this.#choose({ muted: !this.muted }),
    // The button stays focusable while there is nothing to interrupt, so it can be clicked at any time.
    interrupt: () => {
      if (this.state === 'speaking') this.interrupt();
    },
    sendText: (text) => this.say(text),
    writeInstead: () => {
      const restore = this.#chooseMode('text');
      // A visitor who has not agreed has no call.
      this.start().catch((error: unknown) => VoiceAgentError.from(error).code === 'stopped' && restore());
    },
    press: this.#talk.press,
    release: this.#talk.release,
    answerConsent: (agreed) => this.#consent.answer(agreed),
    choose: (settings) => this.#choose(settings),
    tapAudio: (port) => this.tapAudio(port),
  };
  /** The store for parts elsewhere on the page; the element's own UI uses the same data. */
  readonly #conversation: Conversation = new Conversation([this], () => this.#view, this.#actions);
  readonly #progress = new CallProgress(this, this.#conversation, () => this.requestUpdate());

  constructor() {
    super();
    provideConversation(this, this.#conversation);
    heedDeliberatePresses(this);
    showInSystem(this, this.#actions.toggleMuted, () => this.#readMessages().label);
    followPageTheme(this);
    showInTopLayer(this);
    keepReadingPlace(this);
    keepScrolling(this);
    // Before the definition, `inputMode` is the property that all HTML elements have.
    const isText = this.getAttribute('inputmode') === 'text';
    Object.assign(this, initialValues(OPTIONS), { texts: null }, isText && { inputMode: 'text' });
    listenToKeys(this, {
      mute: () => {
        // The focus goes there when a call ends. The visitor may still be typing.
        const isAtRest = this.renderRoot.querySelector('.rest:focus');
        if (isActive(this.state) || !isAtRest) this.#actions.toggleMuted();
      },
      close: () => this.#close(),
    });
    this.#conversation.subscribe('levels', (levels) => this.#showLevels(levels, this.muted));
    this.#conversation.subscribe('agent-error', ({ fatal }) => fatal && this.#reveal());
  }

  /**
   * Loads what the next call needs and connects to the service’s host. Called automatically when the element is
   * pressed or focused. Requests neither the microphone nor a token. With `require-consent`, does nothing until the
   * visitor has agreed.
   */
  override prepare(): void {
    if (!this.needsConsent) super.prepare();
  }

  /**
   * Starts a call. Call it from a click or key handler, or the browser blocks audio and microphone. Resolves when the
   * service is ready.
   * @throws {VoiceAgentError} with a stable `code` and a `hint`; `agent-error` reports the same.
   */
  override start(): Promise<void> {
    // The first update restores properties that were set before the definition.
    if (!this.hasUpdated) this.performUpdate();
    const started = this.#consent.pass(this.needsConsent, () => super.start());
    if (this.#consent.isAsking) {
      this.#reveal();
      this.#focus.ask();
    }
    return started;
  }

  /** Ends the call, even one that is starting. Resolves when the microphone is off and the service has confirmed. */
  override stop(): Promise<void> {
    this.#consent.answer(false);
    return super.stop();
  }

  /**
   * Focuses the main control: an open question, the call button, or the launcher of a closed card. A tag with `tabindex`
   * gets the focus itself.
   */
  override focus(options?: FocusOptions): void {
    super.focus(options);
    if (!this.isConnected || this.hasAttribute('tabindex')) return;
    // The card may have been opened just before.
    this.performUpdate();
    this.#focus.enter(options);
  }

  /** `require-consent` is set, and the visitor has not agreed during this visit. */
  get needsConsent(): boolean {
    // Consent to the microphone includes typed messages.
    return (
      this.requireConsent && !['', this.inputMode].some((mode) => isConsentGiven(consentWords(this, mode)))
    );
  }

  /** Ends the current call, or starts one if there is none. The call button does the same. */
  toggle(): void {
    if (isActive(this.state)) return void this.stop();
    // The state, the event and the UI report the error already; an unhandled rejection would only be noise.
    this.start().catch(() => undefined);
  }

  /** Adds or replaces a language for all elements on the page. @param language BCP 47. */
  static addLanguage(language: string, messages: Messages): void {
    addLanguage(language, messages);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    announceConversation(this);
  }

  override attributeChangedCallback(name: string, previous: string | null, value: string | null): void {
    const isRemoved = !toFlag(value);
    if (STATE_ATTRIBUTES.includes(name)) this.#shown.restore(name);
    else if (this.#chosen.has(name)) return;
    else if (name === 'muted' && this.#talk.isOn) this.#talk.wasMuted = !isRemoved;
    // During a call, markup may mute the microphone but never unmute it: a framework that removes an attribute which a
    // script has added cannot know that somebody is listening.
    else if (name === 'muted' && isRemoved && isActive(this.state)) return;
    else super.attributeChangedCallback(name, previous, value);
    if (name === 'push-to-talk' && isRemoved && isActive(this.state)) this.#talk.wasMuted = true;
  }

  protected override stateChanged(event: Event): void {
    this.#shown.show(this);
    super.stateChanged(event);
    if (this.analytics) this.#analytics?.push(event);
  }

  protected override willUpdate(changed: PropertyValues): void {
    this.#talk.follow();
    super.willUpdate(changed);
  }

  protected override removed(): void {
    this.#consent.answer(false);
    this.#progress.end();
    super.removed();
  }

  protected override render(): TemplateResult {
    const placement = allowedValue(this, 'placement', PLACEMENTS);
    const theme = allowedValue(this, 'theme', THEMES);
    const view = this.#view;
    return layoutTemplate({
      ...view,
      ...this.#actions,
      messages: this.#readMessages(),
      open: this.open,
      placement,
      toggleOpen: () => this.#setOpen(!this.open),
      field: this.#field,
      extras: this.#extras.of(this, theme, view),
    });
  }

  /** Parts elsewhere show the same data, so every update is passed on to them. */
  protected override updated(changed: PropertyValues): void {
    if (this.keepAcrossPages) this.#acrossPages ??= this.#followPages();
    if (allowedValue(this, 'analytics', ['', 'data-layer'])) this.#analytics ??= this.#countCalls();
    this.#shown.show(this);
    this.#conversation.changed();
    super.updated(changed);
    this.tell('open-change', 'open', changed);
  }

  #followPages(): Promise<unknown> {
    return loadParts().then(
      (parts) =>
        (this.#acrossPages =
          parts &&
          new parts.AcrossPages(
            this,
            () => this.currentAgent,
            this.#chosen,
            this.#field,
            ({ inputMode, ...values }, sinceMs) => {
              this.#chooseMode(inputMode);
              // With push-to-talk, nothing is held on a page that has just opened.
              this.#choose({ ...values, muted: values.muted || this.pushToTalk });
              this.#progress.sinceMs = sinceMs;
            },
          )),
    );
  }

  /** @returns what takes the events until the code for them is loaded */
  #countCalls(): Event[] {
    const early: Event[] = [];
    void loadParts().then((parts) => (this.#analytics = parts && new parts.DataLayer(early)));
    return early;
  }

  get #look(): VisualizerName {
    return allowedValue(this, 'visualizer', VISUALIZERS);
  }

  get #view(): ConversationView {
    const { pushToTalk, textInput, texts, needsConsent } = this;
    const { view } = this.#progress;
    return {
      ...view,
      pushToTalk,
      textInput: textInput || view.textOnly,
      needsConsent,
      askingConsent: this.#consent.isAsking,
      layout: allowedValue(this, 'layout', LAYOUTS),
      visualizer: this.#look,
      options: this,
      texts,
    };
  }

  /** Closes an open consent question first, then the card. */
  #close(): boolean {
    const { isAsking } = this.#consent;
    const isOpen = this.open && this.layout === 'floating';
    if (isAsking) this.#consent.answer(false);
    else if (isOpen) this.#setOpen(false);
    return isAsking || isOpen;
  }

  /** Moves the focus into the card, or back to the launcher. Closing the card declines an open consent question. */
  #setOpen(open: boolean): void {
    this.#choose({ open });
    if (!open) this.#consent.answer(false);
    void this.#focus.move(open ? '.call' : '.launcher');
  }

  /** Sets what the visitor has chosen. From now on, the page's markup cannot change it. */
  #choose(values: Partial<Pick<VoiceAgentElement, VisitorChoice>>): void {
    for (const name of Object.keys(values)) this.#chosen.add(attributeName(name));
    Object.assign(this, values);
  }

  /** For one call, and another attempt if it fails. @returns restores the mode of the page */
  #chooseMode(mode: VoiceAgentElement['inputMode']): () => void {
    const { inputMode } = this;
    const attribute = this.getAttribute('input-mode');
    const restore = (): void => {
      end();
      if (!this.#chosen.delete('input-mode')) return;
      this.inputMode = inputMode;
      const latest = this.getAttribute('input-mode');
      if (latest !== attribute) super.attributeChangedCallback('input-mode', attribute, latest);
    };
    const end = this.#conversation.subscribe('session-end', ({ reason }) => reason !== 'error' && restore());
    if (mode !== inputMode) this.#choose({ inputMode: mode });
    return restore;
  }

  /** Opens the card, so that a question or an error is not hidden in it. */
  #reveal(): void {
    if (this.layout === 'floating') this.open = true;
  }
}
