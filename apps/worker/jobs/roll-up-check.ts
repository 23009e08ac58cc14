import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { LOGGER } from '#observability';
import { StreamRegistry, TierRegistry } from '#storage-tier';
import { WriterPool } from '../writers/writer-pool.js';

/** Finds days whose roll-ups don't add up to the events and makes them again, while their writer rests. */
@Injectable()
export class RollUpCheckJob {
  constructor(
    private readonly streams: StreamRegistry,
    private readonly tiers: TierRegistry,
    private readonly writers: WriterPool,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async run(signal: AbortSignal): Promise<void> {
    const tier = this.tiers.primary;
    for (const stream of await this.streams.list()) {
      if (signal.aborted) throw signal.reason as Error;
      if ((await tier.checkRollUps(stream)).length === 0) continue;
      await this.writers.exclusively(stream, async () => {
        for (const day of await tier.checkRollUps(stream)) {
          this.logger.warn({ tenant: stream.tenant, stream: stream.name, day }, 'roll-ups are made again');
          await tier.rebuildRollUps(stream, day);
        }
      });
    }
  }
}
