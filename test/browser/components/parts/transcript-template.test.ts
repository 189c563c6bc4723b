import { expect } from 'chai';
import { settledCount } from '../../../../components/parts/transcript-template.js';
import { act, clearPage, find, mount, textOf } from '../support/mount.js';
import { SCENES } from '../support/scenes.js';
import type { TranscriptEntry } from '../../../../src/index.js';

function entry(role: 'user' | 'agent', final: boolean): TranscriptEntry {
  return { key: '', role, text: '', final, interrupted: false, unspoken: false };
}

describe('settledCount', () => {
  it('counts the entries before the first unfinished one', () => {
    expect(settledCount([])).to.equal(0);
    expect(settledCount([entry('user', true), entry('agent', true)])).to.equal(2);
    expect(settledCount([entry('user', true), entry('agent', false), entry('user', true)])).to.equal(1);
  });

  it('counts an unfinished entry if its speaker has started another one', () => {
    expect(settledCount([entry('agent', false), entry('user', true), entry('agent', false)])).to.equal(2);
  });
});

describe('The transcript of earlier calls', () => {
  afterEach(clearPage);

  it('stays above the new one, is not announced again, and ends with the visit', async () => {
    const element = await mount();
    await act(element, SCENES['ended']!);
    const before = textOf(find(element, '.transcript'));
    await act(element, (script) => {
      script.transcript = [];
      script.enter('connecting', 'listening');
    });
    expect(textOf(find(element, '.transcript'))).to.equal(before);
    expect(textOf(find(element, '[role=log]'))).to.equal('');
    await act(element, (script) => script.utter({ key: 'z', role: 'agent', text: 'Again.' }));
    expect(textOf(find(element, '[role=log]'))).to.equal('Agent: Again.');
    expect(element.transcript.length, 'the API tells of this call').to.equal(1);
    expect(textOf(find(element, '.earlier'))).to.contain('A room for two nights');
  });
});
