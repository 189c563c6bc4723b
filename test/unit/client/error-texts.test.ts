import { describe, expect, it } from 'vitest';
import { withTexts } from '../../../src/client/error-texts.js';
import { errorData } from '../../../src/errors.js';

describe('an error that a session reports gets its texts on the page', () => {
  it('by its key, with its values', () => {
    expect(errorData({ key: 'connection_lost', values: { closeCode: 4321 } }, true)).toEqual({
      code: 'connection_lost',
      key: 'connection_lost',
      values: { closeCode: 4321 },
      message: 'The connection was lost.',
      hint: 'Check your internet connection and try again. The close code was 4321.',
      fatal: true,
    });
    expect(errorData({ key: 'protocol_error/flood' }, true).code).toBe('protocol_error');
  });

  it('the message is the service’s own, the hint is ours', () => {
    const report = { code: 'at_capacity', message: 'No {room}.', param: 'session.voice' };
    expect(errorData(report, false)).toEqual({
      code: 'at_capacity',
      key: 'at_capacity',
      message: 'No {room}.',
      hint: 'Try again in a minute.',
      fatal: false,
      param: 'session.voice',
    });
    expect(errorData({ code: 'of_next_year', message: 'Ha.' }, false)).toMatchObject({
      code: 'of_next_year',
      key: 'service',
      message: 'Ha.',
    });
  });

  it('without a word of the service, the message is ours', () => {
    expect(errorData({ code: 'at_capacity', message: '' }, false).message).toBe('The service is busy.');
  });

  it('if another attempt follows, visitors are told only that', () => {
    expect(errorData({ key: 'ready_timeout', retrying: true }, false)).toMatchObject({
      code: 'ready_timeout',
      key: 'connection_failed/retrying',
      message: 'The service did not start the conversation in time.',
      hint: 'Trying again.',
    });
  });

  it('only those that end the call are fatal', () => {
    const error = { key: 'unauthorized' } as const;
    const events = [
      withTexts({ type: 'agent-error', detail: error }),
      withTexts({ type: 'failed', detail: { error, seconds: 3 } }),
    ];
    expect(events).toMatchObject([
      { detail: { code: 'unauthorized', fatal: false } },
      { detail: { error: { code: 'unauthorized', fatal: true }, seconds: 3 } },
    ]);
    const other = { type: 'leaving', detail: undefined } as const;
    expect(withTexts(other)).toBe(other);
  });
});
