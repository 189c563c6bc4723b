import { expect } from 'chai';
import { settledCount } from '../../../../components/parts/transcript-template.js';
import type { TranscriptEntry } from '../../../../src/index.js';

function entry(role: 'user' | 'agent', final: boolean): TranscriptEntry {
  return { key: '', role, text: '', final, interrupted: false, unspoken: false };
}

describe('settledCount', () => {
  it('counts up to the first utterance that is still open', () => {
    expect(settledCount([])).to.equal(0);
    expect(settledCount([entry('user', true), entry('agent', true)])).to.equal(2);
    expect(settledCount([entry('user', true), entry('agent', false), entry('user', true)])).to.equal(1);
  });

  it('does not wait for an utterance whose speaker has gone on', () => {
    expect(settledCount([entry('agent', false), entry('user', true), entry('agent', false)])).to.equal(2);
  });
});
