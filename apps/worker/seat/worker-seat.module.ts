import { Module, type DynamicModule } from '@nestjs/common';
import type { Logger } from 'pino';
import { CATALOGUE, type Catalogue } from '#catalogue';
import { LOGGER } from '#observability';
import { WorkerSeat } from './worker-seat.js';

/** Gives {@link WorkerSeat} to every module; needs the catalogue and the logger from global modules. */
@Module({})
export class WorkerSeatModule {
  /** @param process the name of this process */
  static register(process: string): DynamicModule {
    const provider = {
      provide: WorkerSeat,
      inject: [CATALOGUE, LOGGER],
      useFactory: (catalogue: Catalogue, logger: Logger) =>
        new WorkerSeat({ catalogue, process, logger, end: (reason) => end(logger, reason) }),
    };
    return { module: WorkerSeatModule, global: true, providers: [provider], exports: [WorkerSeat] };
  }
}

/** Without another statement: an orderly end would go on writing. */
function end(logger: Logger, reason: string): void {
  logger.error({ reason }, 'the worker ends at once; start it again to stand by');
  process.kill(process.pid, 'SIGKILL');
}
