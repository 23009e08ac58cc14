import { Module, type DynamicModule, type OnModuleDestroy } from '@nestjs/common';
import type { Logger } from 'pino';
import { RunTimeSettings, type RunTimeStore, type Settings } from '#app-config';
import { CATALOGUE, type Catalogue } from '#catalogue';
import { DiskGuard, FaultPoints, HealthState, LOGGER } from '#observability';

/** Token of the {@link Settings} that the process started with. */
export const SETTINGS = Symbol('SETTINGS');

const COLLECTION = 'settings';
const RECORD = 'run-time';

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
              directory: settings.boot.dataDir,
              reserve: () => ({
                bytes: runTime.current.diskReserveBytes,
                percent: runTime.current.diskReservePercent,
              }),
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
    store: storeOf(catalogue),
    onRejected: (error) => logger.error({ err: error }, 'changed settings are not in force'),
  });
  await runTime.start();
  const setLevel = (): void => {
    logger.level = runTime.current.logLevel;
  };
  setLevel();
  runTime.onChange(setLevel);
  return runTime;
}

/** The one record of run-time settings, as a document of the catalogue. */
function storeOf(catalogue: Catalogue): RunTimeStore {
  return {
    read: () => catalogue.read<unknown>(COLLECTION, RECORD),
    write: async (value, ifVersion) => {
      const [outcome] = await catalogue.write([{ collection: COLLECTION, id: RECORD, value, ifVersion }]);
      return outcome?.kind === 'written';
    },
    watch: (changed) => catalogue.watch(COLLECTION, changed),
  };
}
