import { Module, type DynamicModule, type OnModuleDestroy } from '@nestjs/common';
import type { Logger } from 'pino';
import { RunTimeSettings, SETTINGS, type Settings } from '#app-config';
import { CATALOGUE, type Catalogue } from '#catalogue';
import { dataPlaces, DiskGuard, diskRules, FaultPoints, HealthState, LOGGER } from '#observability';
import { settingsStore } from './settings-store.js';

/** Gives the settings, and the small services that only need them, to every module. */
@Module({})
export class SettingsModule implements OnModuleDestroy {
  constructor(private readonly runTime: RunTimeSettings) {}

  static register(settings: Settings, faults: FaultPoints): DynamicModule {
    return {
      module: SettingsModule,
      global: true,
      providers: [
        { provide: SETTINGS, useValue: settings },
        { provide: FaultPoints, useValue: faults },
        { provide: HealthState, useFactory: () => new HealthState() },
        {
          provide: RunTimeSettings,
          inject: [CATALOGUE, LOGGER],
          useFactory: (catalogue: Catalogue, logger: Logger) => follow(settings, catalogue, logger),
        },
        {
          provide: DiskGuard,
          inject: [RunTimeSettings],
          useFactory: (runTime: RunTimeSettings) =>
            new DiskGuard({
              places: dataPlaces(settings.boot),
              rules: () => diskRules(runTime.current),
            }),
        },
      ],
      exports: [SETTINGS, FaultPoints, HealthState, RunTimeSettings, DiskGuard],
    };
  }

  onModuleDestroy(): void {
    this.runTime.stop();
  }
}

async function follow(settings: Settings, catalogue: Catalogue, logger: Logger): Promise<RunTimeSettings> {
  const runTime = new RunTimeSettings({
    defaults: settings.runTime,
    store: settingsStore(catalogue),
    onRejected: (error) => logger.error({ err: error }, 'changed settings are not in force'),
  });
  await runTime.start();
  const setLevel = (): void => {
    logger.level = runTime.current.logLevel;
  };
  setLevel();
  runTime.onChange((values) => {
    setLevel();
    logger.info({ version: runTime.version, log_level: values.logLevel }, 'settings were changed');
  });
  return runTime;
}
