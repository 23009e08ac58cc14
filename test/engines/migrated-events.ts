import type { Appliance } from '../support/start-appliance.js';

/** The time of everything. */
export const ALL = { start_time: '2025-01-01T00:00:00Z', end_time: 'now+1d' };
/** Sent with which parser, as what: an event that is no JSON, and a line that a parser refuses. */
const REFUSED = [
  ['', 'application/x-ndjson', 'no json\n'],
  ['?parser=syslog', 'text/plain', 'no syslog\n'],
] as const;

/** An appliance, and the key that asks it. */
interface Asked {
  readonly at: Appliance;
  readonly key: string;
}

/** Every event of a stream as it is exported, in one order. */
export function exported(asked: Asked, stream: string): Promise<readonly string[]> {
  const query = new URLSearchParams({ ...ALL, stream, format: 'ndjson' });
  return linesOf(asked, `/api/v1/logs/export?${query}`);
}

/** Every refused event as it is exported, in one order. */
export function refusedOf(asked: Asked): Promise<readonly string[]> {
  return linesOf(asked, '/api/v1/quarantine/export');
}

/** Sends events that are refused. @returns what was answered to each */
export async function sendRefused({ at, key }: Asked, stream: string): Promise<readonly unknown[]> {
  const answers: unknown[] = [];
  for (const [query, type, body] of REFUSED) {
    const headers = { authorization: `Bearer ${key}`, 'content-type': type, prefer: 'wait=30' };
    const url = `${at.url}/api/v1/streams/${stream}/events${query}`;
    answers.push(await (await fetch(url, { method: 'POST', headers, body })).json());
  }
  return answers;
}

async function linesOf({ at, key }: Asked, path: string): Promise<readonly string[]> {
  const answer = await fetch(`${at.url}${path}`, { headers: { authorization: `Bearer ${key}` } });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(text);
  return text
    .split('\n')
    .filter((line) => line !== '')
    .toSorted();
}
