import { mkdir, readFile } from 'node:fs/promises';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { ADMIN_KEY_PLACE, type AdminKeyPlace } from '#access';
import { isOneOfSeveral, type Settings } from '#app-config';
import { keepDataFormat, readDataFormat } from '#data-format';
import { DirectoryLock } from '#event-bus';
import { createLogger, HealthState, NestLogger } from '#observability';
import { configureApi, createApiAdapter } from './api/configure-api.js';
import { bootInputs } from './api/inputs/boot-inputs.js';
import { InputManager } from './api/inputs/input-manager.js';
import type { TlsFiles } from './api/server-options.js';
import { AppModule } from './app.module.js';
import { readVersion } from '#app-config/version';
import { drainAndClose } from './drain.js';
import { openWaitingRoom, type WaitingRoom } from './waiting-room.js';
import { EventBusStrategy } from './worker/consumers/event-bus.strategy.js';
import { WorkerSeats } from './worker/seat/worker-seats.js';

/** Signals that end the process in order; the second one ends it at once. */
const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * Starts everything and prints the one line that says where it is. Resolves when it serves.
 *
 * @throws AlluviumError `directory_in_use` where another process owns the data directory, `data_format_newer` where a newer
 * version made it
 */
export async function start(settings: Settings): Promise<void> {
  const { dataDir } = settings.boot;
  await mkdir(dataDir, { recursive: true });
  // Before the lock's own file is written: a newer version's directory stays as it is.
  await readDataFormat(dataDir);
  const lock = await DirectoryLock.acquire(dataDir);
  await keepDataFormat(dataDir, readVersion());
  const logger = createLogger(settings.runTime.logLevel);
  for (const warning of settings.warnings) logger.warn(warning);
  const tls = await readTls(settings);
  const room = await roomToWait(settings, tls);
  const app = await createApp(settings, logger, tls);
  logger.info({ default_retention: settings.boot.defaultRetention }, 'what no retention policy is for');
  endOnSignals(logger, async () => {
    await drainAndClose(app);
    await lock.release();
  });
  const { roles } = settings.boot;
  if (roles.includes('worker') && isOneOfSeveral(settings.boot)) await app.get(WorkerSeats).join();
  await app.startAllMicroservices();
  await room?.close();
  await app.listen({ host: settings.boot.httpHost, port: room?.port ?? settings.boot.httpPort });
  if (roles.includes('api')) await app.get(InputManager).start(bootInputs(settings.boot));
  app.get(HealthState).markStarted();
  announce(await app.getUrl(), app.get<AdminKeyPlace>(ADMIN_KEY_PLACE));
}

/** An embedded catalogue is there at once; a server may take its time. */
async function roomToWait({ boot }: Settings, tls: TlsFiles | undefined): Promise<WaitingRoom | undefined> {
  if (boot.mongodbUri === undefined) return undefined;
  return openWaitingRoom({ host: boot.httpHost, port: boot.httpPort, ...(tls && { tls }) });
}

async function createApp(
  settings: Settings,
  logger: Logger,
  tls: TlsFiles | undefined,
): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.register(settings, logger),
    createApiAdapter(tls),
    { logger: new NestLogger(logger), abortOnError: false, bodyParser: false },
  );
  configureApi(app, {
    docs: settings.boot.docs && settings.boot.roles.includes('api'),
    connections: {
      total: settings.boot.httpMaxConnections,
      perAddress: settings.boot.httpMaxConnectionsPerAddress,
    },
  });
  if (settings.boot.roles.includes('worker'))
    app.connectMicroservice({ strategy: app.get(EventBusStrategy) });
  return app;
}

/** Both files or neither: the settings see to it. */
async function readTls({ boot }: Settings): Promise<TlsFiles | undefined> {
  if (boot.tlsCert === undefined || boot.tlsKey === undefined) return undefined;
  return { cert: await readFile(boot.tlsCert, 'utf8'), key: await readFile(boot.tlsKey, 'utf8') };
}

function endOnSignals(logger: Logger, end: () => Promise<void>): void {
  let ending = false;
  const onSignal = (signal: string): void => {
    // An orderly exit would wait for the engine's threads; everything that was acknowledged is on disk.
    if (ending) process.kill(process.pid, 'SIGKILL');
    ending = true;
    logger.info({ signal }, 'ending');
    end().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ err: error }, 'the end was not in order; what was acknowledged is on disk');
        process.exit(1);
      },
    );
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
}

/** The key itself is never printed. */
function announce(url: string, { kind, path }: AdminKeyPlace): void {
  const where = {
    setting: 'the admin key is the one that was set',
    file: `the admin key lies in ${path}`,
    elsewhere: `no admin key lies in ${path}: it was taken away, or another process made it`,
  }[kind];
  process.stdout.write(`Alluvium is ready at ${url}; ${where}\n`);
}
