import { Module, type DynamicModule } from '@nestjs/common';
import type { Logger } from 'pino';
import { LOGGER } from '#observability';
import type { StoredNotices } from './stored-notices.port.js';

/** Injects the {@link StoredNotices}. */
export const STORED_NOTICES = Symbol('StoredNotices');

/** Gives {@link STORED_NOTICES} to every module. */
@Module({})
export class StoredNoticesModule {
  static register(): DynamicModule {
    const provider = { provide: STORED_NOTICES, inject: [LOGGER], useFactory: openEmbedded };
    return {
      module: StoredNoticesModule,
      global: true,
      providers: [provider],
      exports: [STORED_NOTICES],
    };
  }
}

/** The writers and those who follow are in one process. */
async function openEmbedded(logger: Pick<Logger, 'error'>): Promise<StoredNotices> {
  const { InProcessStoredNotices } = await import('./in-process/in-process-stored-notices.js');
  return new InProcessStoredNotices((error) => logger.error({ err: error }, 'a notice was not heard'));
}
