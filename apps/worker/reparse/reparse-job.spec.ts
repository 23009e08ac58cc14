import { beforeEach, expect, it } from 'vitest';
import { ArchivedUnits } from '#archived-units';
import { MemoryCatalogue } from '#catalogue/testing';
import type { StoredFormCount, StoredPart, StreamSpec } from '#plugin-kit';
import { ReparseReports, type ReparsedPart } from '#storage-tier';
import { STREAM } from '../testing/scene.js';
import type { RewriteTask } from './part-rewriter.js';
import { ReparseJob } from './reparse-job.js';

const REQUEST = {
  ...{ run: 'run-1', tenant: 'acme', stream: 'web' },
  ...{ start_time: '2026-11-19T00:00:00Z', end_time: '2026-11-21T00:00:00Z' },
};
const TEXT: StoredFormCount = { form: 'text', parser: 'shout', events: 10 };
const JSON_LINES: StoredFormCount = { form: 'json', parser: '', events: 30 };

const partOf = (day: number, ...forms: StoredFormCount[]): StoredPart => ({
  ...{ day, generation: 0, partEvents: 100, diskBytes: 1_000, forms },
});
const doneOf = (day: number, events: number): ReparsedPart => ({
  ...{ day, generation: 0, events, changed: 1, kept: 2 },
});

let parts: StoredPart[];
let stream: StreamSpec | undefined;
let freeBytes: number;
let reports: ReparseReports;
let archived: ArchivedUnits;
let stop: AbortController;
let rewritten: number[];
let notes: [share: number, note: string | undefined][];
/** Called when a day is rewritten. */
let onDay: (task: RewriteTask) => void;
beforeEach(() => {
  parts = [partOf(20261120, TEXT), partOf(20261119, JSON_LINES)];
  [stream, freeBytes, rewritten, notes] = [STREAM, 10_000, [], []];
  const catalogue = new MemoryCatalogue();
  [reports, archived] = [new ReparseReports(catalogue), new ArchivedUnits(catalogue)];
  stop = new AbortController();
  onDay = () => {};
});

function run(payload: object = {}): Promise<void> {
  const job = new ReparseJob({
    tier: () => ({ storedParts: async () => parts }),
    streams: { find: async () => stream },
    rewriter: {
      rewrite: async (task) => {
        const { day } = task.part;
        onDay(task);
        task.signal.throwIfAborted();
        rewritten.push(day);
        await task.read(5);
        const reasons = [{ reason: 'other_day', events: 2, example: `of ${day}` }];
        return { part: doneOf(day, day === 20261120 ? 10 : 30), reasons };
      },
    },
    reports,
    archived,
    disk: async () => ({ freeBytes, reserveBytes: 1_000, totalBytes: 1e6, state: 'ok' }) as never,
    queue: { process: () => {} },
  });
  return job.run({
    ...{ kind: 'streams.reparse', id: 'acme.web', attempt: 1, signal: stop.signal },
    payload: { ...REQUEST, ...payload },
    progress: async (share, note) => void notes.push([share, note]),
  });
}

const reported = () => reports.find('acme', 'web');

it('leaves days alone that the archive answers for, and reads those that it only has a copy of', async () => {
  const of = { tenant: 'acme', stream: 'web' };
  for (const day of [20261119, 20261120]) {
    const copy = {
      ...{ day, generation: 0, events: 1, oldest: '1', newest: '2', sources: [], through: 'ff', files: [] },
      ...{ manifest: { key: `${day}`, sha256: 'aa' }, copied_at: '' },
    };
    await archived.commit(of, copy, { columns: [], sorted_by: [] });
  }
  await archived.answer(of, { day: 20261119, generation: 0, manifest: '20261119' }, '');
  await run();
  expect(rewritten).toEqual([20261120]);
});

it('goes day by day, says how far it is and keeps what is done', async () => {
  await run();
  expect(rewritten).toEqual([20261120, 20261119]);
  expect(notes).toEqual([
    [5 / 40, '5 events read, 0 changed and 0 left as they were in 0 finished days'],
    [15 / 40, '15 events read, 1 changed and 2 left as they were in 1 finished days'],
    [1, '40 events read, 2 changed and 4 left as they were in 2 finished days'],
  ]);
  expect(await reported()).toEqual({
    run: 'run-1',
    parts: [doneOf(20261120, 10), doneOf(20261119, 30)],
    reasons: [{ reason: 'other_day', events: 4, example: 'of 20261120' }],
  });
});

it('keeps whole days where it is cancelled, and goes on behind them where it was broken off', async () => {
  onDay = ({ part: { day } }) => day === 20261119 && stop.abort(new Error('cancelled'));
  await expect(run()).rejects.toThrow('cancelled');
  expect((await reported())?.parts).toEqual([doneOf(20261120, 10)]);
  [stop, rewritten, onDay] = [new AbortController(), [], () => {}];
  await run();
  expect(rewritten).toEqual([20261119]);
  expect((await reported())?.parts.map(({ day }) => day)).toEqual([20261120, 20261119]);
});

it('begins no day when it is cancelled already', async () => {
  stop.abort(new Error('cancelled'));
  await expect(run()).rejects.toThrow('cancelled');
  expect([rewritten, await reported()]).toEqual([[], undefined]);
});

it('begins anew for another request', async () => {
  await run();
  rewritten = [];
  await run({ run: 'run-2' });
  expect(rewritten).toEqual([20261120, 20261119]);
  expect((await reported())?.run).toBe('run-2');
});

it('copies no day that has nothing of what is asked for, and tells its progress without it', async () => {
  await run({ parsed_by: 'shout' });
  expect(rewritten).toEqual([20261120]);
  expect(notes.map(([share]) => share)).toEqual([0.5, 1]);
});

it('is done at once where there is nothing to do', async () => {
  parts = [];
  await run();
  expect(notes).toEqual([[1, '0 events read, 0 changed and 0 left as they were in 0 finished days']]);
});

it('waits for room on the disk above the reserve', async () => {
  freeBytes = 2_000;
  await expect(run()).rejects.toMatchObject({
    ...{ code: 'disk_full', retryable: true },
    message: expect.stringContaining('A copy of 1000 bytes'),
  });
  expect(rewritten).toEqual([]);
  freeBytes = 2_001;
  await run();
  expect(rewritten).toHaveLength(2);
});

it('ends where the stream is gone, also between two days', async () => {
  onDay = () => (stream = undefined);
  await expect(run()).rejects.toMatchObject({ code: 'stream_unknown', retryable: false });
  expect(rewritten).toEqual([20261120]);
});
