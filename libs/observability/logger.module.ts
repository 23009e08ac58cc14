import { Module, type DynamicModule } from '@nestjs/common';
import type { Logger } from 'pino';

/** Token of the process's pino `Logger`. */
export const LOGGER = Symbol('LOGGER');

/** Provides {@link LOGGER} to every module. */
@Module({})
export class LoggerModule {
  static forRoot(logger: Logger): DynamicModule {
    return {
      module: LoggerModule,
      global: true,
      providers: [{ provide: LOGGER, useValue: logger }],
      exports: [LOGGER],
    };
  }
}
