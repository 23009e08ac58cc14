import type { FoundEvent } from '../support/api-client.js';

/** Independent of the parser's own scanners: a line of /var/log as people read it. */
const LINE = /^([A-Z][a-z]{2}) +(\d{1,2}) (\d\d:\d\d:\d\d) +(\S+) +([^\s:[]+)/;

/** How many of the events, from 0 to 1, have the host, program and time of their line; and the lines of the others. */
export function syslogShare(
  lines: readonly (readonly [line: string, event: Pick<FoundEvent, 'timestamp'> & Record<string, unknown>])[],
): { readonly right: number; readonly wrong: readonly string[] } {
  const wrong = lines.filter(([line, event]) => !isRight(line, event)).map(([line]) => line);
  return { right: 1 - wrong.length / lines.length, wrong };
}

function isRight(line: string, event: Pick<FoundEvent, 'timestamp'> & Record<string, unknown>): boolean {
  const match = LINE.exec(line);
  if (!match) return false;
  const [, month, day, clock, host, program] = match;
  const year = event.timestamp.slice(0, 4);
  const time = Date.parse(`${day} ${month} ${year} ${clock} UTC`);
  return event['host'] === host && event['service'] === program && Date.parse(event.timestamp) === time;
}
