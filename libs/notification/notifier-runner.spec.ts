import { describe, expect, it } from 'vitest';
import { NotifyError, type Notification } from '#plugin-kit';
import { NotifierRunner } from './notifier-runner.js';

const note = (key: string, some: Partial<Notification> = {}): Notification => ({
  ...({ id: key, time: '', status: 'raised', kind: 'k', key, severity: 'warning' } as const),
  ...{ title: '', text: '', facts: {} },
  ...some,
});

function scene(answers: readonly (NotifyError | Error | 'ok')[] = []) {
  const world = {
    told: [] as Notification[],
    waits: [] as number[],
    failures: [] as string[],
    ms: 0,
    closed: 0,
  };
  const rest = [...answers];
  const runner = new NotifierRunner({
    notifier: {
      notify: async (one, signal) => {
        signal.throwIfAborted();
        world.told.push(one);
        const answer = rest.shift() ?? 'ok';
        if (answer !== 'ok') throw answer;
      },
      close: async () => void (world.closed += 1),
    },
    severity: 'warning',
    now: () => world.ms,
    wait: async (ms) => void world.waits.push(ms),
    failed: (error) => void world.failures.push((error as Error).message),
  });
  return { world, runner };
}

const passing = new NotifyError('busy', { retryable: true, mend: 'Wait.' });
const final = new NotifyError('no', { retryable: false });

describe('a runner', () => {
  it('tells one after the other, and tries again what may pass', async () => {
    const { world, runner } = scene([passing, passing, 'ok', 'ok']);
    runner.offer(note('a'));
    runner.offer(note('b'));
    expect(runner.counts.waiting).toBe(2);
    await runner.idle();
    expect(world.told.map(({ id }) => id)).toEqual(['a', 'a', 'a', 'b']);
    expect(world.waits).toEqual([1_000, 5_000]);
    expect([runner.counts, runner.trouble]).toEqual([
      { sent: 2, failed: 0, left_out: 0, waiting: 0 },
      undefined,
    ]);
  });

  it('gives up after six tries, and at once where another is of no use', async () => {
    const { world, runner } = scene([...Array.from({ length: 6 }, () => passing), final]);
    runner.offer(note('a'));
    runner.offer(note('b'));
    await runner.idle();
    expect([world.told.length, world.failures]).toEqual([7, ['busy', 'no']]);
    expect([runner.counts.failed, runner.trouble]).toMatchObject([2, { message: 'no' }]);
  });

  it('takes any other error for one that may pass, and shows nothing of it', async () => {
    const { world, runner } = scene([new Error('token abc'), 'ok']);
    runner.offer(note('a'));
    await runner.idle();
    expect(world.told).toHaveLength(2);
  });

  it('leaves out what is not bad enough, and what is too much, and says how many', async () => {
    const { world, runner } = scene();
    runner.offer(note('i', { severity: 'info' }));
    for (let n = 0; n < 25; n += 1) runner.offer(note(`${n}`));
    await runner.idle();
    expect([world.told.length, runner.counts.left_out]).toEqual([20, 5]);
    world.ms = 11 * 60_000;
    runner.offer(note('later', { severity: 'critical', facts: { a: 1 } }));
    runner.offer(note('last'));
    await runner.idle();
    expect(world.told.slice(-2).map(({ facts }) => facts)).toEqual([{ a: 1, left_out: 5 }, {}]);
  });

  it('tries at once and once for a test, and says what is wrong', async () => {
    const { world, runner } = scene([passing, 'ok']);
    await expect(runner.test(note('t'))).rejects.toBe(passing);
    expect(runner.trouble).toMatchObject({ message: 'busy', mend: 'Wait.' });
    await runner.test(note('t'));
    expect([runner.trouble, world.waits]).toEqual([undefined, []]);
  });

  it('ends when it is closed, whatever waits', async () => {
    const { world, runner } = scene();
    for (const key of ['a', 'b', 'c']) runner.offer(note(key));
    await runner.close();
    runner.offer(note('d'));
    await runner.idle();
    expect([world.told.length <= 1, world.closed]).toEqual([true, 1]);
  });
});
