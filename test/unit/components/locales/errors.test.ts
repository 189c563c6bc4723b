import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { messages as english, type Messages } from '../../../../components/locales/en.js';
import { failureText, type Translation } from '../../../../components/locales/failure-text.js';
import { withTexts } from '../../../../components/locales/locale-controller.js';
import { projectRoot } from '../../../../scripts/project-root.mjs';
import { ERRORS, VoiceAgentError, type ErrorKey, type ErrorText } from '../../../../src/index.js';

const KEYS = Object.keys(ERRORS) as ErrorKey[];
const FOR_VISITORS = KEYS.filter((key) => (ERRORS[key] as ErrorText).hint !== undefined);

const LANGUAGES = readdirSync(`${projectRoot}/components/locales`)
  .map((name) => /^([a-z]{2})\.ts$/.exec(name)?.[1])
  .filter((tag) => tag !== undefined && tag !== 'en') as string[];

async function translationOf(language: string): Promise<Translation> {
  const module = (await import(`../../../../components/locales/${language}.ts`)) as { messages: Translation };
  return module.messages;
}

describe('the texts of errors', () => {
  it('are full sentences; those for visitors do not mention anything that only authors know', () => {
    for (const key of KEYS) {
      const { message, hint, author }: ErrorText = ERRORS[key];
      expect(VoiceAgentError.fatal(key).hint, key).toBe([hint, author].filter(Boolean).join(' ') || message);
      for (const text of [message, hint, author])
        if (text) expect(text, key).toMatch(/^[A-Z‘\w{][^]*([.]|\{what\})$/u);
      if (hint) expect(`${message} ${hint}`, key).not.toMatch(/token|policy|-url|start\(\)|agent-id|server/);
      expect(`${message} ${hint} ${author}`, key).not.toMatch(
        /\b(anew|by itself|whoever|mend|shall|nobody)\b/i,
      );
    }
  });

  it.each(LANGUAGES)(
    '%s has one for every error that visitors can act on, and for no other',
    async (language) => {
      const { errors } = await translationOf(language);
      expect(Object.keys(errors).sort()).toEqual([...FOR_VISITORS].sort());
      for (const key of FOR_VISITORS) {
        const text: ErrorText = ERRORS[key];
        const translated = errors[key as keyof typeof errors];
        for (const part of ['message', 'hint'] as const) {
          expect(translated[part], key).not.toBe(text[part]);
          expect(translated[part], key).toMatch(/^\S.*[.。।]$/u);
          expect(translated[part].match(/\{\w+\}/g), key).toEqual(text[part]!.match(/\{\w+\}/g));
        }
      }
    },
  );

  it('are in the language, with the values filled in', async () => {
    const german = await translationOf('de');
    const error = VoiceAgentError.notice('microphone_changed/named', { values: { name: 'Headset' } });
    expect(error.message).toBe('Your microphone is now “Headset”.');
    expect(failureText(error, german)?.message).toBe('Ihr Mikrofon ist jetzt „Headset“.');
  });

  it('are general if only the author can fix the error, and missing if the call continues', async () => {
    const german = await translationOf('de');
    const failure = VoiceAgentError.fatal('token_failed/endpoint');
    expect(failureText(failure, german)).toEqual({ message: german.outage, hint: german.outageHint });
    expect(failureText(VoiceAgentError.notice('ended_timeout'), german)).toBeUndefined();
  });

  it('say that there is no sound if a text-only call continues without audio', async () => {
    const german = await translationOf('de');
    const failures = [
      'insecure_page',
      'engine_failed/load',
      'engine_failed/compile',
      'audio_failed/policy',
    ] as const;
    for (const key of failures) {
      const error = VoiceAgentError.notice(key);
      // English has no text for visitors, but a language may have one for the code.
      expect(failureText(error, english), key).toEqual({ message: english.noSound, hint: '' });
      expect(failureText(error, german)?.message, key).toBeTruthy();
    }
  });

  it('can be the page’s own for a code or for one cause; unknown codes use the error’s own text', () => {
    const own = withTexts<Messages>(english, {
      errors: { token_failed: { message: 'Closed today.', hint: '' } },
    });
    const failure = VoiceAgentError.fatal('token_failed/get-token');
    expect(failureText(failure, own)).toEqual({ message: 'Closed today.', hint: '' });
    const unknown = new VoiceAgentError({ code: 'mine', message: 'Mine.', hint: 'Yours.', fatal: true });
    expect(failureText(unknown, english)).toMatchObject({ message: 'Mine.', hint: 'Yours.' });
  });

  it('of the page for a code override those of the language for its causes', async () => {
    const german = withTexts<Messages>(await translationOf('de'), {
      errors: { microphone_denied: { hint: 'Fragen Sie uns.' } },
    });
    const failure = VoiceAgentError.fatal('microphone_denied/chrome');
    expect(failureText(failure, german)?.hint).toBe('Fragen Sie uns.');
  });
});
