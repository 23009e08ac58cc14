import type { StreamSpec } from '#plugin-kit';
import type { ContractTier, TierHarness, TierPromise } from '#plugin-kit/testing';
import { startTestMongodb } from '../../../test/support/test-mongodb.js';
import { boundsOf } from '../documents/moments.js';
import { MongoTier } from '../mongodb-tier.js';
import { countsName } from '../store/names.js';

/** Promises of powers that the documents tier does not have; of figures it has counts alone. */
export const POWERS_LEFT: ReadonlySet<TierPromise> = new Set([
  ...(['groups', 'fields', 'parquet'] as const),
  ...(['rewrite', 'archive', 'restore'] as const),
]);

/** Tiers on a real MongoDB for the contract, in one database, each with a tenant of its own. */
export async function startContractTiers() {
  const mongodb = await startTestMongodb();
  const { uri, database, user = '', password = () => '' } = mongodb.place();
  const open = () => new MongoTier({ url: uri, user, password, database });
  const opened = [open()];
  let tenants = 0;
  const newest = () => opened.at(-1) as MongoTier;
  return {
    mongodb,
    database: mongodb.client.db(database),
    tier: newest,
    async start(wrap: (tier: ContractTier) => ContractTier = (tier) => tier): Promise<TierHarness> {
      if (opened.length === 0) opened.push(open());
      return {
        // The cases of other powers are left out.
        tier: wrap(newest() as unknown as ContractTier),
        tenant: `t${(tenants += 1)}`,
        async reopen() {
          await newest().stop();
          opened.push(open());
          return wrap(newest() as unknown as ContractTier);
        },
        spoilRollUps: (stream, day) => spoil(stream, day),
        stop: async () => undefined,
      };
    },
    async stop() {
      await Promise.all(opened.map((tier) => tier.stop()));
      await mongodb.stop();
    },
  };

  /** What a crash between the events and their counts leaves: a day that counts less than there is. */
  async function spoil(stream: StreamSpec, day: number): Promise<void> {
    const [from, to] = boundsOf(day);
    await mongodb.client
      .db(database)
      .collection(countsName(stream))
      .updateMany({}, { $pull: { hours: { hour: { $gte: from, $lt: to } } } } as never);
  }
}
