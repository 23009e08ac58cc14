import assert from 'node:assert/strict';
import type { JobQueueCase } from './contract-case.js';
import { untilRecord, WatchedHandler } from './watched-handler.js';

const JOB = { kind: 'sweep', id: 'a' };

/** Delays, repeats, failures. */
export const timeCases: readonly JobQueueCase[] = [
  {
    promise: 'time',
    name: 'waits as long as it was told',
    distributed: 'the delay of a job',
    async run({ queue, advance, settle }) {
      const handler = new WatchedHandler();
      queue.process('sweep', handler.handle);
      await queue.add({ ...JOB, delayMs: 5_000 });
      advance(4_999);
      await settle();
      assert.equal(handler.runs.length, 0);
      advance(1);
      (await handler.run(1)).end();
      await untilRecord(queue, JOB, { state: 'done' });
    },
  },
  {
    promise: 'time',
    name: 'repeats a job, each turn so long after the end of the one before, until it is cancelled',
    distributed: 'the handler adds the next delayed job with the same id at its end; no cron inside BullMQ',
    async run({ queue, advance, settle }) {
      const handler = new WatchedHandler();
      queue.process('sweep', handler.handle);
      await queue.add({ ...JOB, everyMs: 60_000 });
      for (let turn = 1; turn <= 3; turn += 1) {
        const run = await handler.run(turn);
        assert.equal(run.job.attempt, 1);
        advance(90_000);
        run.end();
        await untilRecord(queue, JOB, { state: 'waiting' });
        advance(59_999);
        await settle();
        assert.equal(handler.runs.length, turn);
        if (turn < 3) advance(1);
      }
      assert.equal(await queue.cancel('sweep', 'a'), true);
      advance(600_000);
      await settle();
      assert.equal(handler.runs.length, 3);
    },
  },
  {
    promise: 'time',
    name: 'runs a waiting or repeating job at once when asked to',
    distributed: 'promote, or an addition beside the repeat under the same lock',
    async run({ queue }) {
      const handler = new WatchedHandler();
      queue.process('sweep', handler.handle);
      assert.equal(await queue.runNow('sweep', 'a'), false);
      await queue.add({ ...JOB, delayMs: 3_600_000, everyMs: 3_600_000 });
      assert.equal(await queue.runNow('sweep', 'a'), true);
      (await handler.run(1)).end();
      await untilRecord(queue, JOB, { state: 'waiting' });
      assert.equal(await queue.runNow('sweep', 'a'), true);
      (await handler.run(2)).end();
      await queue.cancel('sweep', 'a');
      assert.equal(await queue.runNow('sweep', 'a'), false);
    },
  },
  {
    promise: 'retry',
    name: 'tries a failed job again after 1, 2 and 4 seconds, then ends it with the last message',
    distributed: 'attempts and a custom backoff',
    async run({ queue, advance, settle }) {
      const handler = new WatchedHandler();
      queue.process('sweep', handler.handle);
      await queue.add({ ...JOB, attempts: 4 });
      for (const [i, delay] of [1_000, 2_000, 4_000].entries()) {
        const run = await handler.run(i + 1);
        assert.equal(run.job.attempt, i + 1);
        run.fail(new Error(`failure ${i + 1}`));
        await untilRecord(queue, JOB, { state: 'waiting', error: `failure ${i + 1}` });
        advance(delay - 1);
        await settle();
        assert.equal(handler.runs.length, i + 1);
        advance(1);
      }
      (await handler.run(4)).fail(new Error('failure 4'));
      await untilRecord(queue, JOB, { state: 'failed', error: 'failure 4', attempt: 4 });
      advance(3_600_000);
      await settle();
      assert.equal(handler.runs.length, 4);
    },
  },
  {
    promise: 'retry',
    name: 'ends a job at once when a retry would not help',
    distributed: 'UnrecoverableError',
    async run({ queue, advance, settle }) {
      const handler = new WatchedHandler();
      queue.process('sweep', handler.handle);
      await queue.add(JOB);
      (await handler.run(1)).fail(Object.assign(new Error('bad input'), { retryable: false }));
      await untilRecord(queue, JOB, { state: 'failed', error: 'bad input' });
      advance(600_000);
      await settle();
      assert.equal(handler.runs.length, 1);
    },
  },
  {
    promise: 'retry',
    name: 'lets a repeating job that failed wait for its next turn, with the message',
    distributed: 'the failed handler adds the next turn as well',
    async run({ queue, advance, settle }) {
      const handler = new WatchedHandler();
      queue.process('sweep', handler.handle);
      await queue.add({ ...JOB, everyMs: 10_000, attempts: 1 });
      (await handler.run(1)).fail(new Error('not today'));
      await untilRecord(queue, JOB, { state: 'waiting', error: 'not today' });
      advance(9_999);
      await settle();
      assert.equal(handler.runs.length, 1);
      advance(1);
      (await handler.run(2)).end();
      const record = await untilRecord(queue, JOB, { state: 'waiting' });
      assert.equal(record.error, undefined);
    },
  },
];
