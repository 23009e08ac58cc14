import type { LogEvent } from './api.js';
import { button, byId, element, logText } from './dom.js';
import { toReadable } from './time-range.js';

/** Most events that are shown. */
export const MAX_ROWS = 200;
/** Severity from which an event is bad, and from which it is odd. */
const BAD = 17;
const ODD = 13;
/** Characters of a message in the list; the detail has all. */
const MAX_MESSAGE = 2_000;

const list = byId('rows');

/** Shows these events, newest first. */
export function showRows(events: readonly LogEvent[], open: (event: LogEvent) => void): void {
  list.replaceChildren(...events.slice(0, MAX_ROWS).map((event) => rowOf(event, open)));
  byId('none').hidden = events.length > 0;
}

/** Puts events on top, the last one uppermost; what no longer fits falls out below. */
export function addRows(events: readonly LogEvent[], open: (event: LogEvent) => void): void {
  const added = events.slice(-MAX_ROWS).map((event) => rowOf(event, open));
  list.prepend(...added.reverse());
  while (list.childElementCount > MAX_ROWS) list.lastElementChild?.remove();
  byId('none').hidden = list.childElementCount > 0;
}

/** Lets the arrow keys go from row to row. */
export function walkRows(): void {
  list.addEventListener('keydown', (event) => {
    const row = (event.target as Element).closest('li');
    const next = event.key === 'ArrowDown' ? row?.nextElementSibling : row?.previousElementSibling;
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    next?.querySelector('button')?.focus();
  });
}

/** One event as a row: its time is a button, so that it can be reached by keyboard. */
export function rowOf(event: LogEvent, open: (event: LogEvent) => void): HTMLElement {
  const show = (): void => open(event);
  const time = button(toReadable(event.timestamp), show);
  const message = element('span', 'message', logText(textOf(event).slice(0, MAX_MESSAGE)));
  message.dir = 'auto';
  const service = element('span', 'service', logText(String(event.service ?? '')));
  const row = element('li', '', time, levelOf(event), service, message);
  row.addEventListener('click', ({ target }) => {
    // Who marks text to copy it doesn't want it covered.
    if (target !== time && document.getSelection()?.isCollapsed !== false) show();
  });
  return row;
}

function levelOf({ level = '', severity_number: severity = 0 }: LogEvent): HTMLElement {
  const kind = severity >= BAD ? ' bad' : severity >= ODD ? ' odd' : '';
  return element('span', `level${kind}`, logText(String(level)));
}

/** What stands for an event: its message, or its attributes where it has none. */
function textOf({ message, attributes = {} }: LogEvent): string {
  return message === undefined || message === '' ? JSON.stringify(attributes) : String(message);
}
