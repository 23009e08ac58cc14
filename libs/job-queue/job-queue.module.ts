import { Inject, Module, type DynamicModule, type OnModuleDestroy } from '@nestjs/common';
import { CATALOGUE, type Catalogue } from '#catalogue';
import type { InspectableJobQueue } from './job-queue.port.js';

/** Injects the {@link InspectableJobQueue}. */
export const JOB_QUEUE = Symbol('JobQueue');

/** Gives {@link JOB_QUEUE} to every module; needs the catalogue's module, and stops before the catalogue does. */
@Module({})
export class JobQueueModule implements OnModuleDestroy {
  private readonly queue: InspectableJobQueue;

  constructor(@Inject(JOB_QUEUE) queue: InspectableJobQueue) {
    this.queue = queue;
  }

  static register(): DynamicModule {
    const provider = { provide: JOB_QUEUE, inject: [CATALOGUE], useFactory: openEmbedded };
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
