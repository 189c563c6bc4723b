import { afterEach, expect, it, vi } from 'vitest';
import { AuthorLog } from '../../../src/client/console.js';
import { VoiceAgentError } from '../../../src/errors.js';

afterEach(() => vi.restoreAllMocks());

it('shows the page’s author the error, its hint and its cause, once per call', () => {
  const warn = vi.spyOn(console, 'warn').mockReturnValue(undefined);
  const log = new AuthorLog();
  const cause = new Error('503');
  const error = VoiceAgentError.fatal('token_failed/endpoint', { cause });
  log.tell(error, error.cause);
  log.tell(error.toData());
  expect(warn.mock.calls).toEqual([[`<voice-agent> token_failed: ${error.message} ${error.hint}`, cause]]);
  new AuthorLog().tell(error.toData());
  expect(warn).toHaveBeenCalledTimes(2);
});

it('does not repeat a hint that is in the message', () => {
  const warn = vi.spyOn(console, 'warn').mockReturnValue(undefined);
  const error = VoiceAgentError.fatal('token_missing');
  new AuthorLog().tell(error.toData());
  expect(warn.mock.calls).toEqual([[`<voice-agent> token_missing: ${error.message}`]]);
});

it('omits errors that only the visitor can act on', () => {
  const warn = vi.spyOn(console, 'warn').mockReturnValue(undefined);
  new AuthorLog().tell(VoiceAgentError.fatal('microphone_denied/chrome').toData());
  expect(warn).not.toHaveBeenCalled();
});

it('is not filled by a server that reports ever new errors', () => {
  const warn = vi.spyOn(console, 'warn').mockReturnValue(undefined);
  const log = new AuthorLog();
  const { fatal, hint } = VoiceAgentError.notice('service');
  for (let i = 0; i < 5_000; i++) log.tell({ code: 'odd', message: `Problem ${i}.`, hint, fatal });
  expect(warn).toHaveBeenCalledTimes(100);
});
