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

/** Injects this process's turn to run jobs that change tables, a {@link JobsTurn}, where one of several has it at a time. */
export const JOBS_TURN = Symbol('JobsTurn');

export interface JobsTurn {
  /** Resolves when it has come. */
  readonly come: Promise<void>;
}

/** Jobs that Redis wakes processes for. */
export interface QueueOnRedis {
  readonly redis: RedisPlace;
  /** The name of this process, the same after each start. */
  readonly process: string;
  /** Whether others run jobs that this one asks for, or ask for those that it runs. */
  readonly isShared: boolean;
}

/** Gives {@link JOB_QUEUE} to every module; needs the catalogue's module, and stops before the catalogue does. */
@Module({})
export class JobQueueModule implements OnModuleDestroy {
  private readonly queue: InspectableJobQueue;

  constructor(@Inject(JOB_QUEUE) queue: InspectableJobQueue) {
    this.queue = queue;
  }

  /**
   * @param onRedis default: this process alone runs jobs, of its own catalogue
   */
  static register(onRedis?: QueueOnRedis): DynamicModule {
    const provider = onRedis
      ? {
          provide: JOB_QUEUE,
          inject: [CATALOGUE, LOGGER, { token: JOBS_TURN, optional: true }],
          useFactory: (catalogue: Catalogue, logger: Logger, turn?: JobsTurn) =>
            openOnRedis(catalogue, logger, { ...onRedis, ...(turn && { turn: turn.come }) }),
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
  { isShared, ...place }: QueueOnRedis & { readonly turn?: Promise<void> },
): Promise<InspectableJobQueue> {
  const { BullMqJobQueue } = await import('./bullmq/bullmq-job-queue.js');
  const told = (problem: string | undefined): void => {
    if (problem === undefined) logger.info('jobs are run by Redis');
    else logger.error({ problem }, 'Redis is out: jobs wait until it answers');
  };
  const settleMs = isShared ? SETTLE_MS : 0;
  return BullMqJobQueue.open(catalogue, { ...place, settleMs, told });
}
