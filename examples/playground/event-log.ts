import { LOGGED_EVENTS } from './settings.js';

const LOG_LINES = 300;

/** Logs every event of the agent, newest first. */
export function logEvents(agent: HTMLElement, log: HTMLOListElement, clear: HTMLButtonElement): void {
  const startMs = performance.now();
  for (const name of LOGGED_EVENTS)
    agent.addEventListener(name, (event) => {
      const { detail } = event as CustomEvent<Readonly<Record<string, unknown>> | null>;
      // Partial transcripts of one utterance share a line.
      const utterance =
        detail && 'text' in detail ? [detail['role'], detail['replyId'] ?? detail['itemId']].join() : '';
      const newest = log.firstElementChild as HTMLElement | null;
      const line = utterance && newest?.dataset['utterance'] === utterance ? newest : addLine(log, name);
      line.dataset['utterance'] = utterance;
      line.children[0]!.textContent = ((performance.now() - startMs) / 1000).toFixed(2);
      line.children[2]!.textContent = detail === null ? '' : JSON.stringify(detail);
      while (log.children.length > LOG_LINES) log.lastElementChild?.remove();
    });
  clear.addEventListener('click', () => log.replaceChildren());
}

/** Adds a line at the top: time, name, data. */
function addLine(log: HTMLOListElement, name: string): HTMLElement {
  const line = document.createElement('li');
  const title = document.createElement('b');
  title.textContent = name;
  line.append(document.createElement('time'), title, document.createElement('span'));
  log.prepend(line);
  return line;
}
