import { Module, type DynamicModule, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { AuditRecord } from '#audit';
import { CATALOGUE, type Catalogue } from '#catalogue';
import { LOGGER, METRICS } from '#observability';
import { PLUGIN_REGISTRY, type PluginRegistry } from '#plugin-host';
import { EnrichmentFiles } from './enrichment-files.js';
import { addEnrichmentMetrics } from './enrichment-metrics.js';
import { Enrichments } from './enrichments.js';
import { recordFiles } from './record-files.js';
import { troubleLog } from './trouble-log.js';

export interface EnrichmentOptions {
  /** Folder of the files that enrichers may read; it may be missing. */
  readonly folder: string;
}

/** Gives {@link Enrichments} to every module; needs the catalogue, the audit record, the plugins, the logger and the metrics. */
@Module({})
export class EnrichmentModule implements OnModuleInit, OnModuleDestroy {
  constructor(private readonly enrichments: Enrichments) {}

  static register({ folder }: EnrichmentOptions): DynamicModule {
    const provider = {
      provide: Enrichments,
      inject: [CATALOGUE, PLUGIN_REGISTRY, LOGGER, METRICS, AuditRecord],
      useFactory: (
        catalogue: Catalogue,
        plugins: PluginRegistry,
        ...[logger, metrics, audit]: [Logger, Registry, AuditRecord]
      ) => {
        const now = (): number => performance.now();
        const enrichments = new Enrichments({
          ...{ catalogue, enrichers: plugins.enrichers, files: new EnrichmentFiles(folder), now },
          troubled: troubleLog(logger, now),
          opened: recordFiles(audit, logger),
        });
        plugins.onOutside(() => void enrichments.review());
        addEnrichmentMetrics(metrics, enrichments);
        return enrichments;
      },
    };
    return { module: EnrichmentModule, global: true, providers: [provider], exports: [Enrichments] };
  }

  onModuleInit(): void {
    this.enrichments.start();
  }

  onModuleDestroy(): void {
    this.enrichments.close();
  }
}
