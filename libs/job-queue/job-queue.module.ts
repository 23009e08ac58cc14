import { Inject, Module, type DynamicModule, type OnModuleDestroy } from '@nestjs/common';
import type { Logger } from 'pino';
import { CATALOGUE, type Catalogue } from '#catalogue';
import { LOGGER } from '#observability';
import type { InspectableJobQueue } from './job-queue.port.js';
import type { RedisPlace } from './redis-place.js';

/** In which a change is in force in every process: milliseconds. */
const SETTLE_MS = 5_000;

/** Injects the {@link InspectableJobQueue}. */
export const JOB_QUEUE = Symbol('JobQueue');

/** Gives {@link JOB_QUEUE} to every module; needs the catalogue's module, and stops before the catalogue does. */
@Module({})
export class JobQueueModule implements OnModuleDestroy {
  private readonly queue: InspectableJobQueue;

  constructor(@Inject(JOB_QUEUE) queue: InspectableJobQueue) {
    this.queue = queue;
  }

  /**
   * Jobs are run by this process alone where no Redis is given.
   *
   * @param isShared whether others run jobs that this one asks for, or ask for those that it runs
   */
  static register(redis?: RedisPlace, isShared = false): DynamicModule {
    const provider = redis
      ? {
          provide: JOB_QUEUE,
          inject: [CATALOGUE, LOGGER],
          useFactory: (catalogue: Catalogue, logger: Logger) =>
            openOnRedis(catalogue, logger, { redis, settleMs: isShared ? SETTLE_MS : 0 }),
        }
      : { provide: JOB_QUEUE, inject: [CATALOGUE], useFactory: openEmbedded };
    return { module: JobQueueModule, global: true, providers: [provider], exports: [JOB_QUEUE] };
  }

  async onModuleDestroy(): Promise<void> {
    await this.queue.stop();
  }
}

async function openEmbedded(catalogue: Catalogue): Promise<InspectableJobQueue> {
  const { InProcessJobQueue } = await import('./in-process/in-process-job-queue.js');
  return InProcessJobQueue.open(catalogue);
}

async function openOnRedis(
  catalogue: Catalogue,
  logger: Pick<Logger, 'error' | 'info'>,
  options: { readonly redis: RedisPlace; readonly settleMs: number },
): Promise<InspectableJobQueue> {
  const { BullMqJobQueue } = await import('./bullmq/bullmq-job-queue.js');
  const told = (problem: string | undefined): void => {
    if (problem === undefined) logger.info('jobs are run by Redis');
    else logger.error({ problem }, 'Redis is out: jobs wait until it answers');
  };
  return BullMqJobQueue.open(catalogue, { ...options, told });
}
