import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Messages } from '../../../../components/locales/en.js';
import { translated } from '../../../../components/parts/error-template.js';
import { projectRoot } from '../../../../scripts/project-root.mjs';
import { visitorsErrorTexts } from '../../../support/error-texts.js';

/** Which texts these are, and which stay English, is decided there. */
const TEXTS = visitorsErrorTexts();

const LANGUAGES = readdirSync(`${projectRoot}/components/locales`)
  .map((name) => /^([a-z]{2})\.ts$/.exec(name)?.[1])
  .filter((tag) => tag !== undefined && tag !== 'en');

async function messagesOf(language: string): Promise<Messages> {
  const module = (await import(`../../../../components/locales/${language}.ts`)) as { messages: Messages };
  return module.messages;
}

describe('the words for failures', () => {
  it('are found in the source: static ones, either branch, what a function gives back, a detail in parentheses', () => {
    for (const text of [
      'No microphone was found.',
      'This frame may not use the microphone.',
      'Click the icon at the start of the address and switch the microphone on.',
      'The connection was lost.',
      'The server did not answer in time.',
      'Trying again.',
    ])
      expect([...TEXTS]).toContain(text);
    for (const text of TEXTS) expect(text).not.toMatch(/token|policy|-url|start\(\)|[(){}]/);
  });

  it.each(LANGUAGES)('%s has its own for each, and none for what is not said any more', async (language) => {
    const { errors = {} } = await messagesOf(language!);
    expect(Object.keys(errors).sort()).toEqual([...TEXTS].sort());
    for (const [english, text] of Object.entries(errors)) {
      expect(text, english).not.toBe(english);
      expect(text, english).toMatch(/^\S.*[.。।]$/u);
    }
    expect(new Set(Object.values(errors)).size, 'each says something else').toBe(TEXTS.size);
  });

  it('are found without the detail, and left as they are where there are none', async () => {
    const german = await messagesOf('de');
    expect(translated('The connection was lost (close code 1006).', german)).toBe(
      'Die Verbindung ist abgebrochen.',
    );
    expect(translated('Something new.', german)).toBe('Something new.');
  });
});
