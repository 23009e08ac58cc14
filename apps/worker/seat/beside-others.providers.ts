import { Inject, Injectable, Optional, type OnApplicationBootstrap, type Provider } from '@nestjs/common';
import type { Logger } from 'pino';
import { CATALOGUE, isFollowing, type Catalogue } from '#catalogue';
import { AlluviumError } from '#event-model';
import { LOGGER } from '#observability';
import { StreamRegistry, TierRegistry } from '#storage-tier';
import { RemovalSettler } from '../retention/removal-settler.js';
import { WriterPool } from '../writers/writer-pool.js';
import { RestFollower } from './rest-follower.js';
import { WorkerSeats } from './worker-seats.js';

const follower: Provider = {
  provide: RestFollower,
  inject: [CATALOGUE, WriterPool, StreamRegistry, LOGGER, { token: WorkerSeats, optional: true }],
  useFactory: (
    catalogue: Catalogue,
    writers: WriterPool,
    ...[streams, logger, seats]: [StreamRegistry, Logger, WorkerSeats?]
  ) =>
    new RestFollower({
      ...{ catalogue, writers, logger, run: seats?.run ?? '' },
      renew: async (tenant, name) => {
        if (isFollowing(catalogue)) await catalogue.catchUp();
        const stream = await streams.find(tenant, name);
        if (stream) await writers.follow(stream);
      },
    }),
};

/** What a worker does where others may be beside it: it lets streams rest for them, and waits for the turn to change tables. */
@Injectable()
class BesideOthers implements OnApplicationBootstrap {
  @Inject(LOGGER) private readonly logger!: Pick<Logger, 'error'>;
  @Optional() @Inject(WorkerSeats) private readonly seats?: WorkerSeats;

  constructor(
    private readonly rests: RestFollower,
    private readonly settler: RemovalSettler,
    private readonly tiers: TierRegistry,
    private readonly streams: StreamRegistry,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.seats) return;
    const { turn, rests } = this.seats;
    this.rests.start();
    turn.before(() => rests.takeOver((tenant, name) => this.#mend(tenant, name)));
    turn.before(() => this.#prepareAll());
    void turn.begin();
  }

  /** What the process that kept the stream to itself was at is brought to its end. */
  async #mend(tenant: string, name: string): Promise<void> {
    const stream = await this.streams.find(tenant, name);
    if (!stream) return;
    await this.settler.settle(stream);
    await this.tiers.primary.prepare(stream);
  }

  /** Of an earlier version, tables are made as this one has them: other processes wait for it. */
  async #prepareAll(): Promise<void> {
    for (const stream of await this.streams.list())
      await this.tiers.primary.prepare(stream).catch((error: unknown) => {
        if (error instanceof AlluviumError && error.retryable) throw error;
        this.logger.error({ err: error, stream: stream.name }, 'the tables of a stream stay as they are');
      });
  }
}

/** Nothing of it does anything where one process is alone. */
export const BESIDE_OTHERS: Provider[] = [follower, BesideOthers];
