import assert from 'node:assert/strict';
import type { ContractTier, TierCase } from './contract-case.js';
import {
  makeQuery,
  makeStream,
  makeStreamBlock,
  makeTierBatch,
  MIXED_LINES,
  MIXED_ROWS,
  placesOf,
  rowsOf,
  storeLines,
} from './scene.js';

/** Over time: the end, and the beginning after it. */
export const lifecycleCases: readonly TierCase[] = [
  {
    promise: 'durable',
    name: 'everything is there after the tier was opened again, and writing goes on',
    distributed:
      'the server keeps it; fsync_after_insert as in the embedded edition; write concern majority, j: true',
    async run({ tier, tenant, reopen }) {
      const stream = makeStream(tenant);
      await tier.prepare(stream);
      const block = await storeLines(tier, stream, MIXED_LINES);
      const after = await reopen();
      assert.deepEqual(await rowsOf(after, stream, [block]), [MIXED_ROWS]);
      assert.equal((await after.search(makeQuery([stream]))).total, 3);
      assert.equal((await after.quarantine({ tenant, limit: 10 })).total, 3);
      await after.insert(makeTierBatch(stream, [block], await placesOf(after, stream, [block])));
      const later = await storeLines(after, stream, MIXED_LINES);
      assert.deepEqual(await rowsOf(after, stream, [block, later]), [MIXED_ROWS, MIXED_ROWS]);
      assert.deepEqual(await after.checkRollUps(stream), []);
    },
  },
  {
    promise: 'stop',
    name: 'lets calls under way end, each in success or as unavailable, and no row is there twice or half',
    distributed: 'the client closes after its requests',
    async run({ tier, tenant, reopen }) {
      const stream = makeStream(tenant);
      await tier.prepare(stream);
      const blocks = Array.from({ length: 6 }, () => makeStreamBlock(stream, MIXED_LINES));
      const inserts = blocks.map((block) => tier.insert(makeTierBatch(stream, [block])));
      const ends = Promise.allSettled(inserts);
      await Promise.all([tier.stop(), tier.stop()]);
      for (const end of await within(ends))
        if (end.status === 'rejected')
          assert.equal((end.reason as { failure?: string }).failure, 'unavailable');
      const after = await reopen();
      await after.insert(makeTierBatch(stream, blocks, await placesOf(after, stream, blocks)));
      assert.deepEqual(
        await rowsOf(after, stream, blocks),
        blocks.map(() => MIXED_ROWS),
      );
    },
  },
  {
    promise: 'stop',
    name: 'may be done twice and before anything else; afterwards every call is refused, none waits for ever',
    distributed: 'the same',
    async run({ tier, tenant, reopen }) {
      await tier.stop();
      await tier.stop();
      const stream = makeStream(tenant);
      const calls: readonly ((stopped: ContractTier) => Promise<unknown>)[] = [
        (stopped) => stopped.ping(),
        (stopped) => stopped.prepare(stream),
        (stopped) => stopped.search(makeQuery([stream])),
      ];
      for (const call of calls) {
        const [end] = await within(Promise.allSettled([call(tier)]));
        assert.equal(end?.status, 'rejected');
      }
      await (await reopen()).ping();
    },
  },
];

/** Longest time that a call may take to end, in milliseconds; far more than any needs. */
const PATIENCE_MS = 20_000;

async function within<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('a call is still waiting')), PATIENCE_MS);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
