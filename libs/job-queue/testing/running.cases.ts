import assert from 'node:assert/strict';
import type { JobQueueCase } from './contract-case.js';
import { until, untilRecord, WatchedHandler } from './watched-handler.js';

const JOB = { kind: 'sweep', id: 'a' };

/** One process, nothing goes wrong. */
export const runningCases: readonly JobQueueCase[] = [
  {
    promise: 'at least once',
    name: 'runs every job, with its payload, also those added before the handler',
    distributed: 'a Worker takes what waits in its Queue',
    async run({ queue, settle }) {
      const seen: unknown[] = [];
      await queue.add({ ...JOB, payload: { n: 1 } });
      queue.process('sweep', async ({ id, payload, attempt }) => void seen.push([id, payload, attempt]));
      await queue.add({ ...JOB, id: 'b' });
      await queue.add({ ...JOB, kind: 'other' });
      await untilRecord(queue, JOB, { state: 'done' });
      await untilRecord(queue, { ...JOB, id: 'b' }, { state: 'done', progress: 1 });
      await settle();
      assert.deepEqual(seen.toSorted(), [
        ['a', { n: 1 }, 1],
        ['b', {}, 1],
      ]);
      assert.equal((await queue.find('other', 'a'))?.state, 'waiting');
    },
  },
  {
    promise: 'one at a time',
    name: 'leaves a job as it is that is added again before its end; afterwards it is a new one',
    distributed: 'jobId `kind:id`; a job that ended is removed in the same call that adds it again',
    async run({ queue }) {
      const handler = new WatchedHandler();
      assert.deepEqual(await queue.add({ ...JOB, payload: { n: 1 } }), { added: true });
      assert.deepEqual(await queue.add({ ...JOB, payload: { n: 2 } }), { added: false });
      queue.process('sweep', handler.handle);
      const first = await handler.run(1);
      assert.deepEqual(first.job.payload, { n: 1 });
      assert.deepEqual(await queue.add(JOB), { added: false });
      first.end();
      await untilRecord(queue, JOB, { state: 'done' });
      assert.deepEqual(await queue.add({ ...JOB, payload: { n: 3 } }), { added: true });
      const second = await handler.run(2);
      assert.deepEqual(second.job.payload, { n: 3 });
      second.end();
    },
  },
  {
    promise: 'one at a time',
    name: 'never runs a job twice at once, whatever is called meanwhile',
    distributed: 'the lock of a job; a run that was cancelled keeps its lock until its handler has ended',
    async run({ queue, advance, settle }) {
      const handler = new WatchedHandler();
      queue.process('sweep', handler.handle, { concurrency: 4 });
      await queue.add({ ...JOB, everyMs: 1_000 });
      const first = await handler.run(1);
      assert.equal(await queue.runNow('sweep', 'a'), false);
      advance(5_000);
      await queue.cancel('sweep', 'a');
      await queue.add({ ...JOB, payload: { again: true } });
      await settle();
      assert.equal(handler.mostActive, 1);
      first.end();
      const second = await handler.run(2);
      assert.deepEqual(second.job.payload, { again: true });
      assert.equal((await queue.find('sweep', 'a'))?.state, 'running');
      second.end();
      await untilRecord(queue, JOB, { state: 'done' });
      assert.equal(handler.mostActive, 1);
    },
  },
  {
    promise: 'one at a time',
    name: 'runs as many jobs of a kind at once as it may, one where nothing is said',
    distributed: 'the concurrency of a Worker',
    async run({ queue }) {
      for (const [kind, concurrency] of [
        ['single', undefined],
        ['triple', 3],
      ] as const) {
        const handler = new WatchedHandler();
        for (let i = 0; i < 6; i += 1) await queue.add({ kind, id: String(i) });
        queue.process(kind, handler.handle, concurrency === undefined ? {} : { concurrency });
        for (let i = 1; i <= 6; i += 1) {
          const run = await handler.run(i);
          await until('all places are taken', () => handler.active === Math.min(concurrency ?? 1, 7 - i));
          run.end();
        }
        assert.equal(handler.mostActive, concurrency ?? 1);
      }
    },
  },
  {
    promise: 'record',
    name: 'shows how far a run is, when it ran and what it said',
    distributed: 'updateProgress, with the note in the same object',
    async run({ queue }) {
      const handler = new WatchedHandler();
      queue.process('sweep', handler.handle);
      await queue.add(JOB);
      const run = await handler.run(1);
      await run.job.progress(0.25, 'first quarter');
      const running = await untilRecord(queue, JOB, {
        state: 'running',
        progress: 0.25,
        note: 'first quarter',
      });
      assert.equal(running.startedAt, running.addedAt);
      await run.job.progress(7);
      assert.equal((await queue.find('sweep', 'a'))?.progress, 1);
      run.end();
      const done = await untilRecord(queue, JOB, { state: 'done' });
      assert.ok(done.endedAt !== undefined && done.endedAt >= done.addedAt);
      assert.equal(await queue.find('sweep', 'b'), undefined);
    },
  },
  {
    promise: 'record',
    name: 'lists jobs, all or of one kind, in the order they were added',
    distributed: 'getJobs of each queue, sorted by timestamp',
    async run({ queue, advance }) {
      for (const [kind, id] of [
        ['sweep', 'b'],
        ['other', 'a'],
        ['sweep', 'a'],
      ] as const) {
        await queue.add({ kind, id });
        advance(1);
      }
      const names = async (kind?: string) => (await queue.list(kind)).map((job) => `${job.kind} ${job.id}`);
      assert.deepEqual(await names(), ['sweep b', 'other a', 'sweep a']);
      assert.deepEqual(await names('sweep'), ['sweep b', 'sweep a']);
    },
  },
  {
    promise: 'record',
    name: 'refuses a job that it could not keep or would never run',
    distributed: 'checked before the call is sent',
    async run({ queue }) {
      const bad = [
        { id: 'a:b' },
        { id: '' },
        { kind: 'a:b' },
        { delayMs: -1 },
        { everyMs: 0 },
        { attempts: 0 },
        { attempts: Number.NaN },
      ];
      for (const part of bad) {
        await assert.rejects(queue.add({ ...JOB, ...part }), { code: 'job_invalid', retryable: false });
      }
      assert.deepEqual(await queue.list(), []);
    },
  },
];
