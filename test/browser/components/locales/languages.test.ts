/* eslint-disable no-console -- what the console is told is what is tested */
import { expect } from 'chai';
import { messages as english } from '../../../../components/locales/en.js';
import { addLanguage, findMessages, LANGUAGES, MODULES } from '../../../../components/locales/languages.js';
import { VoiceAgentElement } from '../../../../components/voice-agent/voice-agent.js';
import { VoiceAgentError } from '../../../../src/index.js';
import { act, clearPage, find, mount, nextTask, textOf, until } from '../support/mount.js';

describe('Languages', () => {
  afterEach(() => {
    clearPage();
    document.documentElement.removeAttribute('lang');
  });

  it('of the page are not replaced by built-in ones that arrive later', async () => {
    const element = await mount({ lang: 'nl' });
    addLanguage('nl', { ...english, start: 'Begin maar' });
    const { messages } = await MODULES['nl']!();
    await nextTask();
    await element.updateComplete;
    expect(find(element, '.call').ariaLabel).to.equal('Begin maar');
    addLanguage('nl', messages);
  });

  it('are complete: every language has every text, translated, with the same ellipses', async () => {
    expect(LANGUAGES).to.deep.equal('ar de en es fr he hi it ja ko nl pt zh'.split(' '));
    for (const language of LANGUAGES.filter((tag) => tag !== 'en')) {
      await until(() => findMessages(language)[0] === language, `${language} is loaded`);
      const { errors, ...messages } = findMessages(language)[1];
      for (const [said, text] of Object.entries(errors ?? {})) expect(text, said).to.not.equal(said);
      expect(Object.keys(messages).sort(), language).to.deep.equal(Object.keys(english).sort());
      for (const [key, text] of Object.entries(messages)) {
        const original = english[key as keyof typeof english];
        expect(text.trim(), `${language}.${key}`).to.equal(text).and.not.equal('');
        expect(text.endsWith('…'), `${language}.${key}`).to.equal(original.endsWith('…'));
      }
      expect(messages.start, language).to.not.equal(english.start);
    }
  });

  it('follow changes of the nearest lang, and fall back to the broader tag, then to English', async () => {
    const element = await mount();
    const label = (): string | null => find(element, '.call').getAttribute('aria-label');
    document.documentElement.lang = 'de-AT';
    await until(() => label() === 'Gespräch beginnen', 'it is German');
    element.lang = 'pt-BR';
    await until(() => label() === 'Iniciar conversa', 'it is Portuguese');
    element.lang = 'tlh';
    await until(() => label() === 'Start conversation', 'it is English again');
  });

  it('follow a lang that is set between nested shadow roots', async () => {
    const outer = document.body.appendChild(document.createElement('div')).attachShadow({ mode: 'open' });
    const middle = outer.appendChild(document.createElement('div'));
    const inner = middle.appendChild(document.createElement('div')).attachShadow({ mode: 'open' });
    const element = await mount();
    inner.append(element);
    const label = (): string | null => find(element, '.call').getAttribute('aria-label');
    middle.lang = 'de';
    await until(() => label() === 'Gespräch beginnen', 'it is German');
    middle.lang = 'en';
    await until(() => label() === 'Start conversation', 'it is English');
    element.remove();
  });

  describe('on a page without lang', () => {
    const speak = (...tags: string[]): void =>
      void Object.defineProperty(navigator, 'languages', { configurable: true, value: tags });
    afterEach(() => {
      delete (navigator as { languages?: unknown }).languages;
    });

    it('use the first of the browser’s languages that is available', async () => {
      speak('xq', 'de-AT', 'fr');
      document.documentElement.removeAttribute('lang');
      const element = await mount();
      await until(() => textOf(find(element, '.status')) === 'Bereit', 'it is German');
      element.lang = 'en';
      await until(() => textOf(find(element, '.status')) === 'Ready', 'what the page says wins');
      element.lang = '';
      await until(() => textOf(find(element, '.status')) === 'Bereit', 'unknown is as good as nothing');
    });

    it('use English if none of the browser’s languages is available', async () => {
      speak('xq');
      document.documentElement.removeAttribute('lang');
      const element = await mount();
      expect(textOf(find(element, '.status'))).to.equal('Ready');
    });
  });

  it('accept `de_DE`', async () => {
    const element = await mount({ lang: 'de_DE' });
    await until(() => textOf(find(element, '.status')) === 'Bereit', 'it is German');
  });

  it('can be added by the page, also for a single region', async () => {
    const element = await mount({ lang: 'tlh-QW' });
    VoiceAgentElement.addLanguage('tlh', { ...english, start: 'jIjatlh' });
    await element.updateComplete;
    expect(find(element, '.call').getAttribute('aria-label')).to.equal('jIjatlh');
    addLanguage('tlh-QW', { ...english, start: 'yIjatlh' });
    await element.updateComplete;
    expect(find(element, '.call').getAttribute('aria-label')).to.equal('yIjatlh');
  });

  it('have English texts where the page’s translation is older than this release', async () => {
    const older: Partial<typeof english> = { ...english, start: 'jIjatlh' };
    delete older.endsSoon;
    addLanguage('tlh', older as typeof english);
    const element = await mount({ lang: 'tlh' });
    await act(element, (script) => {
      script.enter('connecting', 'listening');
      script.fire('call-warning', { secondsLeft: 30 });
    });
    expect(textOf(find(element, '.notice'))).to.equal('This conversation ends in 30 seconds.');
  });

  it('are overridden, text by text, by the page’s texts in HTML', async () => {
    const element = await mount({ texts: '{"welcome": "Ask the captain"}' });
    expect(textOf(find(element, '.welcome'))).to.equal('Ask the captain');
    expect(textOf(find(element, '.status'))).to.equal('Ready');
  });

  it('are not overridden by texts that the page does not have', async () => {
    const element = await mount();
    element.texts = { start: undefined, aiNotice: null, endsSoon: undefined } as object;
    await element.updateComplete;
    expect(find(element, '.call').ariaLabel).to.equal(english.start);
    expect(textOf(find(element, '[part~=ai-notice]'))).to.equal(english.aiNotice);
    await act(element, (script) => {
      script.enter('connecting', 'listening');
      script.fire('call-warning', { reason: 'idle', secondsLeft: 9 });
    });
    expect(textOf(find(element, '.notice'))).to.equal('This conversation ends in 9 seconds.');
  });

  it('keep all other error texts when the page overrides one', async () => {
    const element = await mount({ lang: 'de', texts: '{"errors": {"audio_failed": {"hint": "Noch mal!"}}}' });
    await until(() => textOf(find(element, '.status')) === 'Bereit', 'it is German');
    for (const [key, shown] of [
      ['audio_failed', 'Noch mal!'],
      ['microphone_in_use', 'Schließen Sie andere Programme, die es vielleicht verwenden.'],
    ] as const) {
      await act(element, (script) => script.fail(VoiceAgentError.fatal(key)));
      expect(textOf(find(element, '[part=error-hint]'))).to.equal(shown);
    }
  });

  it('warn once about texts that are not JSON', async () => {
    const warnings: string[] = [];
    const { warn } = console;
    console.warn = (text: string) => warnings.push(text);
    try {
      for (let count = 0; count < 2; count++) {
        const element = await mount({ texts: '{start: "Go"}' });
        expect(element.texts).to.equal(null);
      }
    } finally {
      console.warn = warn;
    }
    expect(warnings).to.deep.equal([`<voice-agent>: texts='{start: "Go"}' is not JSON.`]);
  });
});
