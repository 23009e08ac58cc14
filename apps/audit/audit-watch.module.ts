import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import type { Logger } from 'pino';
import { RunTimeSettings, SETTINGS, type Settings } from '#app-config';
import { AuditRecord } from '#audit';
import { LOGGER } from '#observability';
import { PluginCatalog } from '#plugin-host';
import { recordBootSettings } from './boot-settings.js';
import { PluginChangesAudit } from './plugin-changes.js';

const bootSettings = (process?: string): Provider => ({
  provide: recordBootSettings,
  inject: [AuditRecord, SETTINGS, RunTimeSettings, LOGGER],
  useFactory: async (
    audit: AuditRecord,
    settings: Settings,
    ...[runTime, logger]: [RunTimeSettings, Logger]
  ) => {
    const parts = { audit, settings, runTime, logger };
    await recordBootSettings(process === undefined ? parts : { ...parts, process });
    return recordBootSettings;
  },
});

const PLUGIN_CHANGES: Provider = {
  provide: PluginChangesAudit,
  inject: [AuditRecord, PluginCatalog, LOGGER],
  useFactory: async (audit: AuditRecord, catalog: PluginCatalog, logger: Logger) => {
    const watch = new PluginChangesAudit(audit, catalog, logger);
    await watch.start();
    return watch;
  },
};

/**
 * Records what is changed without the API, whatever role runs: before anything is taken or served, since factories come before
 * hooks. Needs the audit record, the settings, the plugins and the logger from global modules.
 */
@Module({})
export class AuditWatchModule {
  /** @param process the name of this process, where it is one of several */
  static register(process?: string): DynamicModule {
    return { module: AuditWatchModule, providers: [bootSettings(process), PLUGIN_CHANGES] };
  }
}
