import { expect, type Page } from '@playwright/test';
import { waitForEvents } from './agent-page.js';
import type { ScriptedCall } from './scripted-call.js';
import { makeTone } from './tones.js';

const ANSWER = makeTone({ frequencyHz: 440, durationMs: 400, amplitude: 0.5, rateHz: 24_000 });

/**
 * Types a message and lets the server answer it. Resolves when the answer is shown.
 *
 * @param type types the text and sends it
 */
export async function answerInWriting(
  page: Page,
  call: ScriptedCall,
  type: (text: string) => Promise<void>,
): Promise<void> {
  await type('What is left?');
  await call.until('what was typed', () =>
    call.received.find(({ message }) => JSON.stringify(message).includes('What is left?')),
  );
  const text = 'Two rooms are left.';
  await call.say({ replyId: 'reply-written', sound: ANSWER, text, aheadMs: 1_000 }).finished;
  await waitForEvents(page, 'reply-end');
  await expect(page.getByRole('log', { name: 'Transcript' })).toContainText(text);
}
