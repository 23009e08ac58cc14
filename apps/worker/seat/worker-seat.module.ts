import { randomUUID } from 'node:crypto';
import { Module, type DynamicModule } from '@nestjs/common';
import type { Logger } from 'pino';
import { CATALOGUE, type Catalogue } from '#catalogue';
import { LANE_HOLDING } from '#event-bus';
import { JOBS_TURN } from '#job-queue';
import { LOGGER } from '#observability';
import { WorkerSeats } from './worker-seats.js';
import { WorkerTurn } from './worker-turn.js';

/** Gives {@link WorkerSeats}, and what others need of them, to every module; needs the catalogue and the logger from global modules. */
@Module({})
export class WorkerSeatModule {
  /** @param process the name of this process */
  static register(process: string): DynamicModule {
    const providers = [
      {
        provide: WorkerSeats,
        inject: [CATALOGUE, LOGGER],
        useFactory: (catalogue: Catalogue, logger: Logger) =>
          new WorkerSeats({
            ...{ catalogue, process, logger, run: randomUUID() },
            end: (reason) => end(logger, reason),
          }),
      },
      { provide: WorkerTurn, inject: [WorkerSeats], useFactory: ({ turn }: WorkerSeats) => turn },
      { provide: LANE_HOLDING, inject: [WorkerSeats], useFactory: ({ lanes }: WorkerSeats) => lanes },
      { provide: JOBS_TURN, inject: [WorkerSeats], useFactory: ({ turn }: WorkerSeats) => turn },
    ];
    const exports = [WorkerSeats, WorkerTurn, LANE_HOLDING, JOBS_TURN];
    return { module: WorkerSeatModule, global: true, providers, exports };
  }
}

/** Without another statement: an orderly end would go on writing. */
function end(logger: Logger, reason: string): void {
  logger.error({ reason }, 'the worker ends at once; start it again');
  process.kill(process.pid, 'SIGKILL');
}
