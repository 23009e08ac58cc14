import { describe, expect, it } from 'vitest';
import type { Logger } from 'pino';
import type { StreamSpec } from '#plugin-kit';
import { TierRegistry, type StreamRegistry } from '#storage-tier';
import { FakeTier } from '../testing/fake-tier.js';
import { deliveriesOf, FakeLogger, STREAM } from '../testing/scene.js';
import type { WriterPool } from '../writers/writer-pool.js';
import { RollUpCheckJob } from './roll-up-check.js';

function start() {
  const tier = new FakeTier();
  const logger = new FakeLogger();
  const writers = {
    exclusively: async (stream: StreamSpec, work: () => Promise<void>) => {
      tier.calls.push(`pause ${stream.name}`);
      await work();
      tier.calls.push('resume');
    },
  };
  const streams = { list: async () => [STREAM] } as unknown as StreamRegistry;
  const registry = new TierRegistry([tier]);
  const job = new RollUpCheckJob(streams, registry, writers as WriterPool, logger as unknown as Logger);
  const { block } = deliveriesOf()('a', 'b day:20200101');
  const store = () => tier.insert({ stream: STREAM, token: 't', blocks: [block], skip: [] });
  return { tier, logger, job, store };
}

describe('the check of roll-ups', () => {
  it('leaves streams alone whose roll-ups add up, and does not hold up their writer', async () => {
    const { tier, job, store } = start();
    await store();
    await job.run(new AbortController().signal);
    expect(tier.calls).toEqual(['insert 2', 'checkRollUps']);
  });

  it('makes again those days that do not add up, while the writer rests, and says so', async () => {
    const { tier, job, logger, store } = start();
    await store();
    tier.tables.rollUps.set(20200101, 5);
    await job.run(new AbortController().signal);
    expect(tier.calls.slice(1)).toEqual([
      'checkRollUps',
      'pause web',
      'checkRollUps',
      'rebuildRollUps',
      'resume',
    ]);
    expect(await tier.checkRollUps()).toEqual([]);
    expect(logger.lines).toMatchObject([{ fields: { tenant: 'acme', stream: 'web', day: 20200101 } }]);
  });

  it('ends where the job is cancelled', async () => {
    const { tier, job } = start();
    await expect(job.run(AbortSignal.abort(new Error('cancelled')))).rejects.toThrow('cancelled');
    expect(tier.calls).toEqual([]);
  });
});
