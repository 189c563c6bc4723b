import { expect } from 'chai';
import { VoiceAgentError } from '../../../../src/index.js';
import { act, clearPage, find, mount, textOf } from '../support/mount.js';

describe('The notice of VoiceAgentElement', () => {
  afterEach(clearPage);

  it('reports a silent microphone until it delivers sound, and offers another one', async () => {
    const element = await mount();
    await act(element, (script) => {
      script.enter('connecting', 'listening');
      script.fire('microphone-change', { status: 'silent' });
      script.fire('agent-error', VoiceAgentError.notice('microphone_silent').toData());
    });
    const notice = find(element, '.notice');
    expect(textOf(notice)).to.contain('No sound comes from your microphone.');
    const extras = find(element, 'voice-agent-extras');
    expect(extras.hasAttribute('devices'), 'the choice of devices').to.equal(true);
    await act(element, (script) => {
      script.fire('reply-end', { replyId: 'r1', status: 'completed' });
      script.fire('agent-error', VoiceAgentError.notice('speaker_failed').toData());
    });
    expect(textOf(notice), 'its cause is still there').to.contain('No sound comes from your microphone.');
    await act(element, (script) => script.fire('microphone-change', { status: 'live' }));
    expect(textOf(notice)).to.contain('The chosen speaker cannot be used.');
    expect(extras.hasAttribute('devices'), 'the choice of devices').to.equal(false);
  });

  it('shows each problem while its cause lasts, the latest first', async () => {
    const element = await mount();
    const notice = find(element, '.notice');
    const tell = (...keys: Parameters<typeof VoiceAgentError.notice>[0][]): Promise<void> =>
      act(element, (script) => {
        for (const key of keys) script.fire('agent-error', VoiceAgentError.notice(key).toData());
      });
    const endReply = (): Promise<void> =>
      act(element, (script) => script.fire('reply-end', { replyId: 'r', status: 'completed' }));
    await act(element, (script) => script.enter('connecting'));
    await tell('connection_failed/retrying');
    expect(textOf(notice)).not.to.equal('');
    await act(element, (script) => {
      script.fire('session-ready', { sessionId: 's', config: undefined, how: 'first' });
      script.enter('listening');
    });
    expect(textOf(notice), 'connected').to.equal('');
    // A text-only call without audio, and a chosen speaker that is lost.
    await tell('audio_failed', 'speaker_failed', 'microphone_audio_dropped');
    expect(textOf(notice)).to.contain('Your connection is slow');
    await endReply();
    expect(textOf(notice), 'the speaker is still another one').to.contain(
      'The chosen speaker cannot be used.',
    );
    await endReply();
    expect(textOf(notice)).to.contain('The chosen speaker cannot be used.');
    await act(element, (script) => script.fire('speaker-change', { status: 'lost' }));
    expect(textOf(notice)).to.contain('The chosen speaker cannot be used.');
    await act(element, (script) => script.fire('speaker-change', { status: 'live' }));
    expect(textOf(notice), 'there is still no sound').not.to.contain('speaker cannot');
    expect(textOf(notice)).not.to.equal('');
    await endReply();
    expect(textOf(notice)).not.to.equal('');
    await act(element, (script) => script.enter('ended'));
    expect(textOf(notice), 'there is no call any more').to.equal('');
  });

  it('reports an interruption by the system until audio is back', async () => {
    const element = await mount();
    await act(element, (script) => {
      script.enter('connecting', 'speaking');
      script.fire('agent-error', VoiceAgentError.notice('audio_interrupted').toData());
      script.fire('reply-end', { replyId: 'r1', status: 'completed' });
    });
    expect(textOf(find(element, '.notice'))).not.to.equal('');
    await act(element, (script) => script.levels(0.1, 0));
    expect(textOf(find(element, '.notice'))).to.equal('');
  });
});
