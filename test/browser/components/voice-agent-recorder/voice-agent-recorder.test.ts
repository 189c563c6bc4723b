import { expect } from 'chai';
import '../../../../components/voice-agent-recorder/define.js';
import type { RecordingChangeDetail } from '../../../../components/voice-agent-recorder/voice-agent-recorder.js';
import { violations } from '../support/accessibility.js';
import { catchDownloads } from '../support/downloads.js';
import { act, clearPage, find, mount, nextTask, textOf, until } from '../support/mount.js';
import { addPart, buttonOf, misfits } from '../support/parts.js';
import type { ScriptedElement } from '../support/scripted-agent.js';

/** Sends audio to the recorder like a worklet. @returns the ports of its taps, newest last; `undefined` if it has ended a tap */
function taps(agent: ScriptedElement): (MessagePort | undefined)[] {
  const ports: (MessagePort | undefined)[] = [];
  Object.assign(agent, {
    tapAudio: (port: MessagePort) => {
      ports.push(port);
      return () => ports.push(undefined);
    },
  });
  return ports;
}

function sound(port: MessagePort | undefined, seconds: number): void {
  const chunks = Math.ceil((seconds * 48_000) / 4096);
  for (let count = 0; count < chunks; count++)
    port?.postMessage({
      rateHz: 48_000,
      microphone: new Float32Array(4096).fill(0.25),
      speaker: new Float32Array(4096),
    });
}

/** A recorder in a call of its agent. */
async function recorderInCall(attributes: Parameters<typeof addPart>[2] = {}) {
  const agent = await mount({ layout: 'headless' });
  const ports = taps(agent);
  const part = await addPart(agent, 'voice-agent-recorder', attributes);
  await act(agent, (script) => script.enter('connecting', 'listening'));
  return { agent, ports, part };
}

describe('VoiceAgentRecorderElement', () => {
  afterEach(clearPage);

  it('is off by default, and shows when it is on', async () => {
    const agent = await mount({ layout: 'headless' });
    const ports = taps(agent);
    const part = await addPart(agent, 'voice-agent-recorder');
    const changes: RecordingChangeDetail[] = [];
    part.addEventListener('recording-change', (event) =>
      changes.push((event as CustomEvent<RecordingChangeDetail>).detail),
    );
    await act(agent, (script) => script.enter('connecting', 'listening'));
    expect(ports).to.deep.equal([]);
    expect(textOf(find(part, '[role=status]'))).to.equal('');
    buttonOf(part, 'Record conversation').click();
    await part.updateComplete;
    expect(ports.length).to.equal(1);
    expect(textOf(find(part, '[role=status]'))).to.equal('Recording');
    expect(find(part, '.dot').checkVisibility()).to.equal(true);
    sound(ports[0], 3);
    await until(() => part.seconds > 3, 'the sound is there');
    buttonOf(part, 'Stop recording').click();
    await part.updateComplete;
    expect(ports.at(-1)).to.equal(undefined);
    expect(textOf(find(part, '.time'))).to.equal('0:03');
    expect(changes.map(({ recording }) => recording)).to.deep.equal([true, false]);
    using downloads = catchDownloads();
    buttonOf(part, 'Save recording').click();
    expect(downloads.files[0]?.name).to.match(/^conversation-.*\.wav$/);
    expect(downloads.files[0]?.content.size).to.equal(44 + Math.ceil((3 * 48_000) / 4096) * 4096 * 4);
    buttonOf(part, 'Discard').click();
    await part.updateComplete;
    expect(part.file).to.equal(undefined);
  });

  it('can be switched on before the call, and stops when the call ends', async () => {
    const agent = await mount({ layout: 'headless' });
    const ports = taps(agent);
    const part = await addPart(agent, 'voice-agent-recorder');
    buttonOf(part, 'Record conversation').click();
    await part.updateComplete;
    expect(textOf(find(part, '[role=status]'))).to.equal('Recording starts with the conversation.');
    await act(agent, (script) => script.enter('connecting', 'listening'));
    await part.updateComplete;
    expect(textOf(find(part, '[role=status]'))).to.equal('Recording');
    sound(ports[0], 1);
    await until(() => part.seconds > 0.9, 'the sound is there');
    await agent.stop();
    await part.updateComplete;
    expect(part.recording).to.equal(false);
    expect(part.file?.type).to.equal('audio/wav');
  });

  it('stops at its limit, and says so', async () => {
    const { ports, part } = await recorderInCall({ 'max-minutes': '0.05' });
    part.start();
    sound(ports[0], 5);
    await until(() => !part.recording, 'it ends');
    await part.updateComplete;
    expect(part.seconds).to.be.within(3, 3.1);
    expect(textOf(find(part, '.note'))).to.equal('The recording stopped after 0.05 min.');
  });

  it('has its usual limit if the page takes its own away, or gives none', async () => {
    const { ports, part } = await recorderInCall({ 'max-minutes': '' });
    for (const change of [() => undefined, () => part.removeAttribute('max-minutes')]) {
      change();
      part.start();
      sound(ports.at(-1), 1);
      await until(() => part.seconds > 0.9 || !part.recording, 'there is sound');
      expect(part.recording).to.equal(true);
      part.discard();
    }
  });

  it('keeps the focus when the recording is discarded', async () => {
    const { ports, part } = await recorderInCall();
    part.start();
    sound(ports[0], 2);
    await until(() => part.seconds > 1, 'there is sound');
    part.stop();
    await part.updateComplete;
    buttonOf(part, 'Discard').focus();
    buttonOf(part, 'Discard').click();
    await part.updateComplete;
    expect(part.seconds).to.equal(0);
    expect(part.shadowRoot!.activeElement).to.not.equal(null);
  });

  it('continues when its element is moved, and stops when it is removed', async () => {
    const { agent, ports, part } = await recorderInCall();
    part.start();
    const box = document.createElement('div');
    agent.append(box);
    box.append(part);
    await part.updateComplete;
    expect(part.recording).to.equal(true);
    expect(ports.length).to.equal(1);
    part.remove();
    await until(() => !part.recording, 'it has let go');
    expect(ports.at(-1)).to.equal(undefined);
  });

  it('continues when its element is out of the page for a moment, as in a page swap', async () => {
    const { agent, ports, part } = await recorderInCall();
    part.start();
    sound(ports[0], 1);
    await until(() => part.seconds > 0.9, 'the sound is there');
    agent.remove();
    await nextTask();
    document.body.append(agent);
    await part.updateComplete;
    expect(part.recording).to.equal(true);
    expect(part.seconds).to.be.greaterThan(0.9);
    expect(ports.length, 'the same tap').to.equal(1);
  });

  it('is complete when the call ends while its element is out of the page', async () => {
    const { agent, ports, part } = await recorderInCall();
    part.start();
    sound(ports[0], 1);
    await until(() => part.seconds > 0.9, 'the sound is there');
    part.remove();
    await agent.stop();
    agent.append(part);
    await part.updateComplete;
    expect(part.recording).to.equal(false);
    expect(part.file?.type).to.equal('audio/wav');
    expect(ports.at(-1)).to.equal(undefined);
  });

  it('axe finds nothing before, during and after a recording; it fits into 200 px', async () => {
    const agent = await mount({ layout: 'headless' });
    const ports = taps(agent);
    const part = await addPart(agent, 'voice-agent-recorder');
    part.style.width = '200px';
    await act(agent, (script) => script.enter('connecting', 'listening'));
    expect(await violations(part), 'before').to.deep.equal([]);
    part.start();
    sound(ports[0], 2);
    await until(() => part.seconds > 1.9, 'the sound is there');
    await part.updateComplete;
    expect(await violations(part), 'while').to.deep.equal([]);
    expect(misfits(part)).to.deep.equal([]);
    part.stop();
    await part.updateComplete;
    expect(await violations(part), 'after').to.deep.equal([]);
    expect(misfits(part)).to.deep.equal([]);
  });
});
