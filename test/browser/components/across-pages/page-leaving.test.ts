/** Links and forms in browsers without the Navigation API. `test/e2e/across-pages.test.ts` leaves real pages. */
import { expect } from 'chai';
import { watchLeaving } from '../../../../components/across-pages/page-leaving.js';
import { clearPage } from '../support/mount.js';

const XLINK = 'xmlns:xlink="http://www.w3.org/1999/xlink"';
const NEXT = '/next';
const ELSEWHERE = 'https://example.com/';

let watch: AbortController;
let left = 0;

beforeEach(() => {
  // As in Firefox before 147 and Safari before 26.2.
  Object.defineProperty(window, 'navigation', { value: undefined, configurable: true });
  watch = new AbortController();
  left = 0;
  watchLeaving(() => left++, watch.signal);
});
afterEach(() => {
  watch.abort();
  clearPage();
  Reflect.deleteProperty(window, 'navigation');
});

function show(html: string): void {
  const place = document.createElement('div');
  place.innerHTML = html;
  document.body.append(place);
}

const leavePage = (): boolean => window.dispatchEvent(new CustomEvent('voice-agent-page-left'));

/** Presses something and leaves the page, but this page stays. @returns whether the call is kept */
function isKept(selector: string, how: MouseEventInit = {}, within: ParentNode = document): boolean {
  const leave = (event: Event): void => {
    // A submit button submits after its click.
    if (event.type === 'click' && (event.target as Element).matches('button')) return;
    leavePage();
    event.preventDefault();
  };
  for (const type of ['click', 'submit']) window.addEventListener(type, leave);
  const click = new MouseEvent('click', { bubbles: true, cancelable: true, composed: true, ...how });
  within.querySelector(selector)!.dispatchEvent(click);
  for (const type of ['click', 'submit']) window.removeEventListener(type, leave);
  return left > 0;
}

describe('without the Navigation API, a call is kept', () => {
  const KEPT: Readonly<Record<string, string>> = {
    'a link': `<a id="x" href="${NEXT}">Next</a>`,
    'what is inside a link': `<a href="${NEXT}"><b id="x">Next</b></a>`,
    'a place in another page': `<a id="x" href="${NEXT}#place">Next</a>`,
    'an area of an image': `<map><area id="x" href="${NEXT}"></map>`,
    'a link in a drawing': `<svg><a href="${NEXT}"><circle id="x" r="9"/></a></svg>`,
    'an old link in a drawing': `<svg ${XLINK}><a xlink:href="${NEXT}"><circle id="x" r="9"/></a></svg>`,
    'a link to the whole window': `<a id="x" target="_TOP" href="${NEXT}">Next</a>`,
    'a form': `<form action="${NEXT}"><button id="x">Send</button></form>`,
    'a form without an address': '<form><button id="x">Send</button></form>',
    'a button with its own address': `<form action="${ELSEWHERE}"><button id="x" formaction="${NEXT}">Send</button></form>`,
    'a button with its own target': `<form target="_blank"><button id="x" formtarget="_self">Send</button></form>`,
  };
  for (const [what, html] of Object.entries(KEPT)) {
    it(`after ${what}`, function () {
      // The test page is in a frame of some launchers.
      if (what.includes('window') && window !== window.parent) this.skip();
      show(html);
      expect(isKept('#x')).to.equal(true);
    });
  }

  it('after a link in a shadow root', () => {
    show('<div id="host"></div>');
    const root = document.querySelector('#host')!.attachShadow({ mode: 'open' });
    root.innerHTML = `<a id="x" href="${NEXT}">Next</a>`;
    expect(isKept('#x', {}, root)).to.equal(true);
  });

  it('after a link whose click the page does not pass on', () => {
    show(`<nav><a id="x" href="${NEXT}">Next</a></nav>`);
    document.querySelector('nav')!.addEventListener('click', (event) => {
      event.stopPropagation();
      leavePage();
      event.preventDefault();
    });
    expect(isKept('#x')).to.equal(true);
  });
});

describe('without the Navigation API, a call ends', () => {
  const ENDED: Readonly<Record<string, string>> = {
    'a link to another origin': `<a id="x" href="${ELSEWHERE}">Next</a>`,
    'a link to another window': `<a id="x" target="_blank" href="${NEXT}">Next</a>`,
    'a link in a drawing to another window': `<svg><a target="_blank" href="${NEXT}"><circle id="x" r="9"/></a></svg>`,
    'a download': `<a id="x" download href="${NEXT}">Next</a>`,
    'a place in the page': '<a id="x" href="#place">Place</a>',
    'the top of the page': '<a id="x" href="#">Top</a>',
    'a script': '<a id="x" href="javascript:void 0">Script</a>',
    'an address for mail': '<a id="x" href="mailto:a@example.com">Mail</a>',
    'an invalid address': '<a id="x" href="http://[">Nowhere</a>',
    'a text': '<a id="x">Text</a>',
    'a form for another window': `<form action="${NEXT}" target="_blank"><button id="x">Send</button></form>`,
    'a button for another window': `<form action="${NEXT}"><button id="x" formtarget="_blank">Send</button></form>`,
    'a button for another origin': `<form action="${NEXT}"><button id="x" formaction="${ELSEWHERE}">Send</button></form>`,
    'a dialog that closes': '<dialog open><form method="dialog"><button id="x">OK</button></form></dialog>',
    'a button that closes a dialog':
      '<dialog open><form action="/next"><button id="x" formmethod="dialog">OK</button></form></dialog>',
  };
  for (const [what, html] of Object.entries(ENDED)) {
    it(`after ${what}`, () => {
      show(html);
      isKept('#x');
      leavePage();
      expect(left).to.equal(0);
    });
  }

  for (const key of ['ctrlKey', 'metaKey', 'shiftKey', 'altKey'] as const) {
    it(`after a link that is pressed with ${key}`, () => {
      show(`<a id="x" href="${NEXT}">Next</a>`);
      expect(isKept('#x', { [key]: true })).to.equal(false);
    });
  }

  it('after a link of a page whose links open other windows', () => {
    const base = Object.assign(document.createElement('base'), { target: '_blank' });
    document.head.append(base);
    show(`<a id="x" href="${NEXT}">Next</a>`);
    const kept = isKept('#x');
    base.remove();
    expect(kept).to.equal(false);
  });

  it('after a link that the page handles itself, however late', () => {
    show(`<a id="x" href="${NEXT}">Next</a>`);
    window.addEventListener('click', (event) => event.preventDefault(), { once: true });
    document.querySelector<HTMLElement>('#x')!.click();
    leavePage();
    expect(left).to.equal(0);
  });
});
