import { definePlugin, TierError, type TierContext } from '#plugin-kit';
import manifest from './manifest.json' with { type: 'json' };

export default definePlugin({
  kind: 'tier',
  manifest,
  needsServer: true,
  async create({ server }: TierContext) {
    if (!server) throw new TierError('config', 'The documents tier needs a MongoDB: set MONGODB_URI.');
    // The driver is read where the tier is of use only.
    const { MongoTier } = await import('./mongodb-tier.js');
    return new MongoTier(server);
  },
});
