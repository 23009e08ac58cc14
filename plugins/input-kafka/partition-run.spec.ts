import { expect, it } from 'vitest';
import type { Offsets } from './offsets.js';
import { PartitionRun, type RecordRange } from './partition-run.js';
import type { TopicRecord } from './topic-record.js';

const place = { topic: 't', partition: 0 };
const records = (from: number, to: number, bytes = 1): TopicRecord[] =>
  Array.from({ length: to - from }, (_, n) => ({
    ...{ offset: from + n, end: from + n + 1 },
    value: Buffer.alloc(bytes, 'x'),
  }));

/** Brokers, and a host that takes ranges; both outlive the runs. */
class World {
  next: number | undefined;
  doubt: number | undefined;
  first = 0;
  end = 0;
  /** What happened, in order. */
  readonly log: string[] = [];
  readonly calls: string[] = [];
  failures: unknown[] = [];
  /** Awaited before a range counts as taken. */
  gate: Promise<void> = Promise.resolve();

  run(from: 'earliest' | 'latest' = 'earliest'): PartitionRun {
    const offsets = {
      read: async () => ({ next: this.next, doubt: this.doubt }),
      bounds: async () => ({ first: this.first, end: this.end }),
      commit: async (_place: unknown, next: number, to: number | undefined, signal: AbortSignal) => {
        signal.throwIfAborted();
        [this.next, this.doubt] = [next, to];
        this.log.push(to === undefined ? `done ${next}` : `going ${next}-${to}`);
      },
    } as unknown as Offsets;
    return new PartitionRun(
      {
        ...{ place, offsets, from },
        take: (range, signal) => this.take(range, signal),
        pause: () => void this.calls.push('pause'),
        resume: () => void this.calls.push('resume'),
        seek: (offset) => void this.calls.push(`seek ${offset}`),
        expired: (lost) => void this.calls.push(`lost ${lost}`),
        failed: (error) => void this.failures.push(error),
      },
      Promise.resolve(),
    );
  }

  private async take({ from, to, records: taken }: RecordRange, signal: AbortSignal): Promise<void> {
    const over = new Promise<never>((_, reject) =>
      signal.addEventListener('abort', () => reject(signal.reason)),
    );
    await Promise.race([this.gate, over]);
    this.log.push(`took ${from}-${to}: ${taken.length}`);
  }
}

async function said(world: World, ...log: readonly string[]): Promise<void> {
  await expect.poll(() => world.log).toEqual(log);
}

it('says what it is about to take before it takes it, and that it is taken when nothing more is there', async () => {
  const world = new World();
  const run = world.run();
  await run.add(records(5, 8));
  await said(world, 'going 0-8', 'took 0-8: 3', 'done 8');
  await run.add(records(8, 9));
  await said(world, 'going 0-8', 'took 0-8: 3', 'done 8', 'going 8-9', 'took 8-9: 1', 'done 9');
  await run.end();
  expect(world.failures).toEqual([]);
});

it('takes exactly what was in doubt before anything else, however much is read at once', async () => {
  const world = new World();
  [world.next, world.doubt] = [10, 14];
  const run = world.run();
  await run.add(records(10, 12));
  expect(world.log).toEqual([]);
  await run.add(records(12, 30));
  await said(world, 'took 10-14: 4', 'going 14-30', 'took 14-30: 16', 'done 30');
  await run.end();
});

it('passes over what was in doubt and is not in the topic any more', async () => {
  const world = new World();
  [world.next, world.doubt, world.first] = [10, 14, 20];
  const run = world.run();
  await run.add(records(20, 21));
  await said(world, 'took 10-14: 0', 'going 14-21', 'took 14-21: 1', 'done 21');
  expect(world.calls).toEqual(['resume', 'lost 6']);
  await run.end();
});

it('leaves what it was taking when it ends in doubt, with the same bounds for the next one', async () => {
  const world = new World();
  world.gate = new Promise(() => undefined);
  const run = world.run();
  await run.add(records(0, 3));
  await said(world, 'going 0-3');
  await run.add(records(3, 9));
  await run.end();
  world.gate = Promise.resolve();
  const next = world.run();
  await next.add(records(0, 9));
  await said(world, 'going 0-3', 'took 0-3: 3', 'going 3-9', 'took 3-9: 6', 'done 9');
  await next.end();
  expect(world.failures).toEqual([]);
});

it('leaves nothing in doubt when it ends in order', async () => {
  const world = new World();
  let open = (): void => undefined;
  world.gate = new Promise((resolve) => (open = resolve));
  const run = world.run();
  await run.add(records(0, 3));
  await said(world, 'going 0-3');
  await run.add(records(3, 5));
  open();
  await said(world, 'going 0-3', 'took 0-3: 3', 'going 3-5', 'took 3-5: 2', 'done 5');
  await run.leave(new AbortController().signal);
  expect([world.next, world.doubt]).toEqual([5, undefined]);
});

it('begins at the end of a partition that it never read where that is asked for', async () => {
  const world = new World();
  world.end = 40;
  const run = world.run('latest');
  await run.add(records(0, 40));
  await run.add(records(40, 42));
  await said(world, 'done 40', 'going 40-42', 'took 40-42: 2', 'done 42');
  expect(world.calls).toEqual(['resume', 'seek 40']);
  await run.end();
});

it('has reading paused while much waits, and takes it in parts', async () => {
  const world = new World();
  let open = (): void => undefined;
  world.gate = new Promise((resolve) => (open = resolve));
  const run = world.run();
  await run.add(records(0, 10, 512 * 1024));
  expect(world.calls).toEqual(['resume', 'pause']);
  open();
  await expect.poll(() => world.log.at(-1)).toBe('done 10');
  expect(world.log.filter((line) => line.startsWith('took')).length).toBeGreaterThan(4);
  expect(world.calls).toEqual(['resume', 'pause', 'resume']);
  await run.end();
});

it('tells of a failure, and takes nothing more', async () => {
  const world = new World();
  world.gate = Promise.reject(new Error('refused'));
  const run = world.run();
  await run.add(records(0, 3));
  await expect.poll(() => world.failures).toEqual([new Error('refused')]);
  expect(world.log).toEqual(['going 0-3']);
  await run.end();
});
