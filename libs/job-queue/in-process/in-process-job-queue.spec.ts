import { describe, expect, it } from 'vitest';
import { CatalogueError, type Change } from '#catalogue';
import { MemoryCatalogue } from '#catalogue/testing';
import { ManualClock } from '../testing/index.js';
import { settle, until, untilRecord, WatchedHandler } from '../testing/watched-handler.js';
import { InProcessJobQueue } from './in-process-job-queue.js';

const JOB = { kind: 'sweep', id: 'a' };

class FailingCatalogue extends MemoryCatalogue {
  down = false;

  override async write(changes: readonly Change[]) {
    if (this.down) throw new CatalogueError('The disk is full.');
    return super.write(changes);
  }
}

async function open(catalogue = new FailingCatalogue(), clock = new ManualClock()) {
  return { queue: await InProcessJobQueue.open(catalogue, clock), catalogue, clock };
}

describe('the queue while the catalogue is down', () => {
  it('refuses jobs with the retryable error', async () => {
    const { queue, catalogue } = await open();
    catalogue.down = true;
    await expect(queue.add(JOB)).rejects.toMatchObject({ code: 'catalogue_unavailable', retryable: true });
    catalogue.down = false;
    expect(await queue.add(JOB)).toEqual({ added: true });
  });

  it('starts nothing that it can not note, and starts it when it can', async () => {
    const { queue, catalogue, clock } = await open();
    const handler = new WatchedHandler();
    await queue.add(JOB);
    catalogue.down = true;
    queue.process('sweep', handler.handle);
    await settle();
    clock.advance(5_000);
    await settle();
    expect(handler.runs).toHaveLength(0);
    catalogue.down = false;
    clock.advance(5_000);
    (await handler.run(1)).end();
    await untilRecord(queue, JOB, { state: 'done' });
  });

  it('notes the end of a run as soon as it can, without running it again', async () => {
    const { queue, catalogue, clock } = await open();
    const handler = new WatchedHandler();
    queue.process('sweep', handler.handle);
    await queue.add(JOB);
    const run = await handler.run(1);
    catalogue.down = true;
    run.end();
    await settle();
    expect((await queue.find('sweep', 'a'))?.state).toBe('running');
    catalogue.down = false;
    clock.advance(1_000);
    await untilRecord(queue, JOB, { state: 'done' });
    expect(handler.runs).toHaveLength(1);
  });

  it('can still be stopped; the job runs again after the next start', async () => {
    const { queue, catalogue, clock } = await open();
    const handler = new WatchedHandler();
    queue.process('sweep', handler.handle);
    await queue.add(JOB);
    const run = await handler.run(1);
    catalogue.down = true;
    run.end();
    await settle();
    await queue.stop();
    catalogue.down = false;
    const next = await open(catalogue, clock);
    next.queue.process('sweep', handler.handle);
    (await handler.run(2)).end();
    await untilRecord(next.queue, JOB, { state: 'done' });
  });
});

describe('the records of the queue', () => {
  it('of ended jobs are forgotten after a week, of others never', async () => {
    const { queue, catalogue, clock } = await open();
    queue.process('sweep', async () => undefined);
    await queue.add(JOB);
    await queue.add({ kind: 'waits', id: 'a' });
    await untilRecord(queue, JOB, { state: 'done' });
    clock.advance(7 * 86_400_000 + 1);
    await queue.add({ ...JOB, id: 'b' });
    await untilRecord(queue, { ...JOB, id: 'b' }, { state: 'done' });
    await until('the old one is gone', async () => (await queue.list()).length === 2);
    expect((await catalogue.scan('jobs')).map(({ id }) => id)).toEqual(['sweep:b', 'waits:a']);
  });

  it('do not change with the payload that was handed in or out', async () => {
    const { queue } = await open();
    const payload = { list: [1] };
    await queue.add({ ...JOB, payload });
    payload.list.push(2);
    const handler = new WatchedHandler();
    queue.process('sweep', handler.handle);
    const run = await handler.run(1);
    (run.job.payload['list'] as number[]).push(3);
    expect((await queue.find('sweep', 'a'))?.payload).toEqual({ list: [1] });
    run.end();
  });

  it('are kept from two handlers of one kind', async () => {
    const { queue } = await open();
    queue.process('sweep', async () => undefined);
    expect(() => queue.process('sweep', async () => undefined)).toThrow(/handler already/);
  });
});
