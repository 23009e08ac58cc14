import type { StreamRegistry } from './stream-registry.js';
import type { TierRegistry } from './tier-registry.js';

/** Takes away streams that are made of archives. */
export class ReadOnlyStreams {
  constructor(
    private readonly streams: Pick<StreamRegistry, 'find' | 'markReadOnly' | 'forgetReadOnly'>,
    private readonly tiers: Pick<TierRegistry, 'restoring'>,
  ) {}

  /**
   * Takes a read-only stream away with its tables: from the first step on nobody finds it. Idempotent: what a killed process
   * left is done; one that takes events stays.
   *
   * @throws TierError
   */
  async remove(tenant: string, name: string): Promise<void> {
    const stream = await this.streams.find(tenant, name);
    if (!stream?.readOnly) return;
    await this.streams.markReadOnly(tenant, name, 'leaving');
    await this.tiers.restoring.removeStream(stream);
    await this.streams.forgetReadOnly(tenant, name);
  }
}
