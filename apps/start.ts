import { mkdir } from 'node:fs/promises';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { ADMIN_KEY_PLACE, type AdminKeyPlace } from '#access';
import type { Settings } from '#app-config';
import { DirectoryLock } from '#event-bus';
import { createLogger, HealthState, NestLogger } from '#observability';
import { configureApi, createHttpAdapter } from './api/configure-api.js';
import { AppModule } from './app.module.js';
import { drainAndClose } from './drain.js';
import { EventBusStrategy } from './worker/consumers/event-bus.strategy.js';

/** Signals that end the process in order; the second one ends it at once. */
const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * Starts everything and prints the one line that says where it is. Resolves when it serves.
 *
 * @throws AlluviumError `directory_in_use` where another process owns the data directory.
 */
export async function start(settings: Settings): Promise<void> {
  const { dataDir } = settings.boot;
  await mkdir(dataDir, { recursive: true });
  await DirectoryLock.acquire(dataDir);
  const logger = createLogger(settings.runTime.logLevel);
  const app = await createApp(settings, logger);
  endOnSignals(app, logger);
  await app.startAllMicroservices();
  await app.listen({ host: settings.boot.httpHost, port: settings.boot.httpPort });
  app.get(HealthState).markStarted();
  announce(await app.getUrl(), app.get<AdminKeyPlace>(ADMIN_KEY_PLACE));
}

async function createApp(settings: Settings, logger: Logger): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.register(settings, logger),
    await createHttpAdapter(settings.boot),
    { logger: new NestLogger(logger), abortOnError: false, bodyParser: false },
  );
  configureApi(app, settings.boot);
  app.connectMicroservice({ strategy: app.get(EventBusStrategy) });
  return app;
}

function endOnSignals(app: NestFastifyApplication, logger: Logger): void {
  let ending = false;
  const end = (signal: string): void => {
    if (ending) process.exit(1);
    ending = true;
    logger.info({ signal }, 'ending');
    drainAndClose(app).then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ err: error }, 'the end was not in order; what was acknowledged is on disk');
        process.exit(1);
      },
    );
  };
  for (const signal of SIGNALS) process.on(signal, end);
}

/** The key itself is never printed. */
function announce(url: string, { kind, path }: AdminKeyPlace): void {
  const where = {
    setting: 'the admin key is the one that was set',
    file: `the admin key lies in ${path}`,
    elsewhere: `the admin key was taken away from ${path}`,
  }[kind];
  process.stdout.write(`Alluvium is ready at ${url}; ${where}\n`);
}
