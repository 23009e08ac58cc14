import { beforeEach, expect, it } from 'vitest';
import { createBlockIdGenerator } from '#event-model';
import type { QuarantineFilter, RefusedPlace, StreamSpec } from '#plugin-kit';
import { STREAM } from '../testing/scene.js';
import type { MoveOrder } from './move-order.js';
import { QuarantineJob } from './quarantine-job.js';

const END = '2026-11-21T12:00:00.000000000Z';
const block = createBlockIdGenerator()();
const placesOf = (stream: string, count: number): RefusedPlace[] =>
  Array.from({ length: count }, (_, row) => ({ block, row, stream, bytes: 1 }));

let pages: RefusedPlace[][];
let orders: [stream: string, order: MoveOrder][];
let filters: QuarantineFilter[];
let notes: [share: number, note: string | undefined][];
let ended: unknown[];
let left: string[];
let stop: AbortController;

beforeEach(() => {
  [pages, orders, filters, notes, ended, left] = [[], [], [], [], [], []];
  stop = new AbortController();
});

function run(payload: object): Promise<void> {
  const job = new QuarantineJob({
    tier: () => ({
      countRefused: async (filter) => {
        filters.push(filter);
        return { total: pages.flat().length, reasons: [], sources: [], streams: [], parsers: [] };
      },
      refusedPlaces: async () => pages.shift() ?? [],
    }),
    streams: { find: async (_tenant, name) => (name === 'gone' ? undefined : { ...STREAM, name }) },
    writers: {
      move: async (stream: StreamSpec, order: MoveOrder) => {
        orders.push([stream.name, order]);
        return { stored: 1, deduplicated: 1, dropped: 0, refused: order.places.length };
      },
    },
    moves: { streams: async () => left },
    actions: { end: async (...args) => void ended.push(args) },
  });
  return job.run({
    ...{ kind: 'quarantine.move', id: 'job', attempt: 1, signal: stop.signal },
    payload: { tenant: 'acme', kind: 'replay', ...payload },
    progress: async (share, note) => void notes.push([share, note]),
  });
}

it('goes page by page, with the filter that it was asked for, and says how far it is', async () => {
  pages = [placesOf('web', 3), placesOf('other', 1)];
  const filter = { source: 'a', reason: 'not_json', start_time: '2026-11-20T00:00:00Z', end_time: END };
  await run({ filter, parser: 'plain' });
  expect(
    orders.map(([stream, { places, parser, action }]) => [stream, places.length, parser, action]),
  ).toEqual([
    ['web', 3, 'plain', 'job'],
    ['other', 1, 'plain', 'job'],
  ]);
  expect(filters).toEqual([
    {
      ...{ tenant: 'acme', source: 'a', reason: 'not_json' },
      ...{ from: 1_795_132_800_000_000_000n, to: 1_795_262_400_000_000_000n },
    },
  ]);
  expect(notes[0]).toEqual([0.75, '2 left quarantine, 3 were refused again']);
  expect(notes.at(-1)).toEqual([1, '4 left quarantine, 4 were refused again']);
  expect(ended).toEqual([['acme', 'job', 4]]);
});

it('settles what a process left first, also where nothing is to be moved', async () => {
  left = ['web', 'gone'];
  await run({ filter: { end_time: END } });
  expect(orders).toEqual([['web', { action: '', kind: 'replay', places: [] }]]);
  expect(notes).toEqual([[1, '0 left quarantine, 0 were refused again']]);
});

it('leaves events of a stream that is not in the catalogue where they are', async () => {
  pages = [placesOf('gone', 2)];
  await run({ filter: { end_time: END } });
  expect([orders, ended]).toEqual([[], [['acme', 'job', 0]]]);
});

it('ends at once when it is cancelled, and is not done then', async () => {
  pages = [placesOf('web', 2)];
  stop.abort(new Error('cancelled'));
  await expect(run({ filter: { end_time: END } })).rejects.toThrow('cancelled');
  expect([orders, ended]).toEqual([[], []]);
});

it('takes no order that it can not read', async () => {
  await expect(run({ filter: {} })).rejects.toThrow('end_time');
});
