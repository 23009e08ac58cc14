import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { ApiClient } from '../../client/api-client.js';
import { EXIT } from '../../exit-codes.js';
import { followEvents } from './follow.js';
import type { FoundEvent } from './show-event.js';

let server: Server;
let api: ApiClient;

afterEach(() => {
  api.close();
  server.closeAllConnections();
  server.close();
});

const log = (id: string): string => `event: log\ndata: ${JSON.stringify({ event_id: id })}\n\n`;
const problem = (status: number, code: string): string =>
  `event: problem\ndata: ${JSON.stringify({ status, code, detail: 'Why.', mend: 'So.' })}\n\n`;

/** Follows a server whose tails end after these texts, and what came of it. */
async function follow(tails: readonly string[], before: readonly FoundEvent[] = []) {
  const left = [...tails];
  server = createServer((_, reply) => void reply.writeHead(200).end(left.shift()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  api = new ApiClient({ url: new URL(`http://127.0.0.1:${port}`), key: 'alv_x' });
  const shown: unknown[] = [];
  const notes: string[] = [];
  const show = (events: readonly FoundEvent[]): Promise<void> =>
    Promise.resolve(void shown.push(...events.map(({ event_id: id }) => id)));
  const note = (text: string): void => void notes.push(text.replace(/\d{4}-\S+Z/, 'TIME'));
  const error: unknown = await followEvents(api, new URLSearchParams(), {
    before: () => Promise.resolve(before),
    show,
    note,
  }).catch((thrown: unknown) => thrown);
  return { shown, notes, error };
}

it('shows what was there first, and nothing twice', async () => {
  const tails = [`: following\n\n${log('b')}${log('c')}`, problem(401, 'unauthenticated')];
  const { shown } = await follow(tails, [{ event_id: 'a' }, { event_id: 'b' }]);
  expect(shown).toEqual(['a', 'b', 'c']);
});

it('says how many were left out, why a tail ends, and when it is there again', async () => {
  const dropped = 'event: dropped\ndata: {"dropped":7}\n\n';
  const tails = [
    `${log('a')}${dropped}${problem(503, 'shutting_down')}`,
    `${log('b')}${problem(403, 'forbidden')}`,
  ];
  const { shown, notes, error } = await follow(tails);
  expect(shown).toEqual(['a', 'b']);
  expect(notes).toEqual([
    '7 events were left out: they came faster than they were read.',
    'Why. (shutting_down)',
    'The connection broke at TIME; what is stored until it is there again is not shown.',
    'Following again.',
  ]);
  expect(error).toMatchObject({ exit: EXIT.refused, message: 'Why. (forbidden)', mend: 'So.' });
});
