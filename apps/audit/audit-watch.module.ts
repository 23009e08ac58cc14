import { Module, type Provider } from '@nestjs/common';
import type { Logger } from 'pino';
import { RunTimeSettings, SETTINGS, type Settings } from '#app-config';
import { AuditRecord } from '#audit';
import { LOGGER } from '#observability';
import { PluginCatalog } from '#plugin-host';
import { recordBootSettings } from './boot-settings.js';
import { PluginChangesAudit } from './plugin-changes.js';

const BOOT_SETTINGS: Provider = {
  provide: recordBootSettings,
  inject: [AuditRecord, SETTINGS, RunTimeSettings, LOGGER],
  useFactory: async (
    audit: AuditRecord,
    settings: Settings,
    ...[runTime, logger]: [RunTimeSettings, Logger]
  ) => {
    await recordBootSettings({ audit, settings, runTime, logger });
    return recordBootSettings;
  },
};

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
@Module({ providers: [BOOT_SETTINGS, PLUGIN_CHANGES] })
export class AuditWatchModule {}
