import assert from 'node:assert/strict';
import type { JobQueueCase } from './contract-case.js';
import { untilRecord, WatchedHandler } from './watched-handler.js';

const JOB = { kind: 'sweep', id: 'a' };

/** Cancelling, stopping, crashes. */
export const endingCases: readonly JobQueueCase[] = [
  {
    promise: 'cancel',
    name: 'ends a waiting job for good',
    distributed: 'remove, after noting the record',
    async run({ queue, advance, crash, settle }) {
      assert.equal(await queue.cancel('sweep', 'a'), false);
      await queue.add({ ...JOB, delayMs: 1_000 });
      assert.equal(await queue.cancel('sweep', 'a'), true);
      assert.equal(await queue.cancel('sweep', 'a'), false);
      const after = await crash();
      const handler = new WatchedHandler();
      after.process('sweep', handler.handle);
      advance(10_000);
      await settle();
      assert.equal(handler.runs.length, 0);
      assert.equal((await after.find('sweep', 'a'))?.state, 'cancelled');
    },
  },
  {
    promise: 'cancel',
    name: 'aborts a running job, which is not tried again',
    distributed: 'a message over Redis to the process that runs it; its failure is not retried',
    async run({ queue, advance, settle }) {
      const handler = new WatchedHandler();
      queue.process('sweep', handler.handle);
      await queue.add(JOB);
      const run = await handler.run(1);
      assert.equal(run.job.signal.aborted, false);
      assert.equal(await queue.cancel('sweep', 'a'), true);
      assert.equal(run.job.signal.aborted, true);
      run.fail(new Error('aborted'));
      advance(600_000);
      await settle();
      assert.equal(handler.runs.length, 1);
      assert.equal((await queue.find('sweep', 'a'))?.state, 'cancelled');
    },
  },
  {
    promise: 'durable',
    name: 'has waiting and repeating jobs after a crash, each due when it was',
    distributed: 'Redis with appendonly; what it lost is added again from the catalogue at start',
    async run({ queue, advance, crash }) {
      await queue.add({ ...JOB, payload: { n: 1 }, delayMs: 2_000 });
      await queue.add({ kind: 'turn', id: 'a', everyMs: 60_000, delayMs: 3_000 });
      const after = await crash();
      const handler = new WatchedHandler();
      after.process('sweep', handler.handle);
      after.process('turn', handler.handle);
      advance(2_000);
      const first = await handler.run(1);
      assert.deepEqual([first.job.kind, first.job.payload], ['sweep', { n: 1 }]);
      advance(1_000);
      (await handler.run(2)).end();
      await untilRecord(after, { kind: 'turn', id: 'a' }, { state: 'waiting', everyMs: 60_000 });
      advance(60_000);
      (await handler.run(3)).end();
      first.end();
    },
  },
  {
    promise: 'durable',
    name: 'runs a job again that was running at the crash, and not one that was done',
    distributed: 'a stalled job goes back to waiting when its lock runs out',
    async run({ queue, crash, settle }) {
      const before = new WatchedHandler();
      queue.process('sweep', before.handle);
      await queue.add({ ...JOB, id: 'done' });
      (await before.run(1)).end();
      await untilRecord(queue, { ...JOB, id: 'done' }, { state: 'done' });
      await queue.add({ ...JOB, attempts: 1 });
      await before.run(2);
      const after = await crash();
      const handler = new WatchedHandler();
      after.process('sweep', handler.handle);
      const again = await handler.run(1);
      assert.deepEqual([again.job.id, again.job.attempt], ['a', 1]);
      again.end();
      await untilRecord(after, JOB, { state: 'done' });
      await settle();
      assert.equal(handler.runs.length, 1);
      assert.equal((await after.find('sweep', 'done'))?.state, 'done');
    },
  },
  {
    promise: 'record',
    name: 'remembers how each run ended, and how far the steps of the last one were',
    distributed: 'kept in the record, since Redis may lose its own',
    async run({ queue, advance, crash }) {
      const before = new WatchedHandler();
      queue.process('sweep', before.handle);
      await queue.add({ ...JOB, attempts: 3 });
      (await before.run(1)).fail(new Error('not yet'));
      await untilRecord(queue, JOB, { state: 'waiting', error: 'not yet' });
      advance(1_000);
      const steps = [{ name: 'copy', state: 'running', progress: 0.5, startedAt: 1 }] as const;
      await (await before.run(2)).job.progress(0.5, 'half', steps);
      assert.deepEqual((await queue.find('sweep', 'a'))?.steps, steps);
      const after = await crash();
      const handler = new WatchedHandler();
      after.process('sweep', handler.handle);
      (await handler.run(1)).end();
      const { history = [] } = await untilRecord(after, JOB, { state: 'done' });
      assert.deepEqual(
        history.map(({ attempt, outcome, error }) => [attempt, outcome, error]),
        [
          [1, 'failed', 'not yet'],
          [2, 'interrupted', undefined],
          [2, 'done', undefined],
        ],
      );
      assert.ok(history.every(({ startedAt, endedAt }) => endedAt >= startedAt));
    },
  },
  {
    promise: 'stop',
    name: 'aborts what runs, waits for it, starts nothing more; the job runs again after the next start',
    distributed: 'Worker.close waits; the job is moved back to waiting',
    async run({ queue, crash, settle }) {
      const handler = new WatchedHandler();
      queue.process('sweep', handler.handle);
      await queue.add({ ...JOB, attempts: 1 });
      await queue.add({ ...JOB, id: 'b' });
      const run = await handler.run(1);
      let stopped = false;
      const stop = queue.stop().then(() => (stopped = true));
      assert.equal(run.job.signal.aborted, true);
      await settle();
      assert.equal(stopped, false);
      run.fail(new Error('aborted'));
      await Promise.all([stop, queue.stop()]);
      assert.equal(handler.runs.length, 1);
      await assert.rejects(queue.add({ ...JOB, id: 'c' }), { code: 'job_queue_stopped', retryable: true });
      const after = await crash();
      const next = new WatchedHandler();
      after.process('sweep', next.handle, { concurrency: 2 });
      const runs = [await next.run(1), await next.run(2)];
      assert.deepEqual(runs.map(({ job }) => job.id).toSorted(), ['a', 'b']);
      for (const { end } of runs) end();
    },
  },
  {
    promise: 'stop',
    name: 'can be stopped before anything was added, and keeps what a handler still finished',
    distributed: 'close of a Worker and a Queue without connections in use',
    async run({ queue, crash }) {
      const handler = new WatchedHandler();
      queue.process('sweep', handler.handle);
      await queue.add(JOB);
      const run = await handler.run(1);
      const stop = queue.stop();
      run.end();
      await stop;
      const after = await crash();
      assert.equal((await after.find('sweep', 'a'))?.state, 'done');
      await after.stop();
      await after.stop();
    },
  },
];
