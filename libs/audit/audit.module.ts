import { Module, type DynamicModule } from '@nestjs/common';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { CATALOGUE, type Catalogue } from '#catalogue';
import { LOGGER, METRICS } from '#observability';
import { addAuditMetrics } from './audit-metrics.js';
import { AuditRecord } from './audit-record.js';

export interface AuditOptions {
  /** Marks places where tests may end the process: `audit.after-begin`, `audit.before-entry`. */
  readonly reach?: (faultPoint: string) => void;
  /** The name of this process, where it is one of several. */
  readonly process?: string;
}

/**
 * Gives {@link AuditRecord} to every module, with what a killed process began recorded in it; needs the catalogue, the
 * logger and the metrics.
 */
@Module({})
export class AuditModule {
  static register({ reach, process }: AuditOptions = {}): DynamicModule {
    const provider = {
      provide: AuditRecord,
      inject: [CATALOGUE, LOGGER, METRICS],
      useFactory: async (catalogue: Catalogue, logger: Logger, metrics: Registry) => {
        const record = new AuditRecord({
          catalogue,
          ...(reach && { reach }),
          ...(process !== undefined && { process }),
        });
        await settle(record, logger);
        addAuditMetrics(metrics, record);
        return record;
      },
    };
    return { module: AuditModule, global: true, providers: [provider], exports: [AuditRecord] };
  }
}

/** What can't be recorded now, say because the disk is full, is kept and tried again: no reason not to start. */
async function settle(record: AuditRecord, logger: Logger): Promise<void> {
  try {
    const changes = await record.settleLeft();
    if (changes > 0)
      logger.warn({ changes }, 'changes that a killed process began are in the audit record now');
  } catch (error) {
    logger.error({ err: error }, 'changes that a killed process began are not in the audit record yet');
  }
}
