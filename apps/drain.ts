import type { Server } from 'node:http';
import type { INestApplication } from '@nestjs/common';
import type { Logger } from 'pino';
import { isOneOfSeveral, SETTINGS, type Settings } from '#app-config';
import { EVENT_BUS, type InspectableEventBus } from '#event-bus';
import { JOB_QUEUE, type InspectableJobQueue } from '#job-queue';
import { HealthState, LOGGER } from '#observability';
import { InputManager } from './api/inputs/input-manager.js';
import { closeUnused } from './api/requests/unused-connections.js';
import { TailHub } from './api/tail/tail-hub.js';
import { leaveMs, takeLastRequests } from './leave.js';
import { EventBusStrategy } from './worker/consumers/event-bus.strategy.js';
import { RestFollower } from './worker/seat/rest-follower.js';
import { WorkerSeats } from './worker/seat/worker-seats.js';
import { WriterPool } from './worker/writers/writer-pool.js';

/** How long storing what waits may hold up the end: milliseconds. The rest stays on the bus. */
const DRAIN_MS = 15_000;
const LOOK_MS = 50;

/**
 * Ends the process in order: readiness says so, where others take requests too it waits until they get them, then nothing new
 * is taken, requests under way are answered, what waits is stored and committed, then everything is closed. Killing it meanwhile loses nothing.
 */
export async function drainAndClose(app: INestApplication): Promise<void> {
  const logger = app.get<Logger>(LOGGER);
  const bus = app.get<InspectableEventBus>(EVENT_BUS);
  app.get(HealthState).markDraining();
  const { boot } = app.get<Settings>(SETTINGS);
  await takeLastRequests(app.getHttpServer() as Server, leaveMs(boot));
  const isApi = boot.roles.includes('api');
  // A live tail would never be answered to its end.
  if (isApi) app.get(TailHub).close();
  await Promise.all([closeListener(app), isApi && app.get(InputManager).stop()]);
  if (boot.roles.includes('worker')) await endWriting(app, isOneOfSeveral(boot));
  logger.info({ events_left: bus.backlog().events }, 'drained');
  await app.close();
}

/** Requests under way are answered; kept-alive connections without one are closed. */
function closeListener(app: INestApplication): Promise<void> {
  const server = app.getHttpServer() as Server;
  return new Promise((resolve) => {
    server.close(() => resolve());
    const closeIdle = (): void => {
      server.closeIdleConnections();
      closeUnused(server);
    };
    closeIdle();
    const idle = setInterval(closeIdle, LOOK_MS);
    server.once('close', () => clearInterval(idle));
  });
}

async function endWriting(app: INestApplication, isShared: boolean): Promise<void> {
  const writers = app.get(WriterPool);
  const ofTurn = isShared ? endTurn(app) : undefined;
  // What others go on sending is another worker's.
  if (isShared) await Promise.race([writers.drain(), sleep(DRAIN_MS)]);
  else await storeBacklog(app.get<InspectableEventBus>(EVENT_BUS), writers);
  // Stopping the writers frees whoever waits for room, which the end of delivery waits for.
  const stopped = writers.stop();
  if (isShared) app.get(RestFollower).leave();
  await app.get(EventBusStrategy).close();
  await ofTurn;
  // Where an insert doesn't end, the lanes are others' when the seat of this process has lapsed.
  if (isShared) await inTime(stopped.then(() => app.get(WorkerSeats).releaseLanes()));
}

/** Where a job doesn't end, the turn is another's when the seat has lapsed. */
async function endTurn(app: INestApplication): Promise<void> {
  const seats = app.get(WorkerSeats);
  await app.get(RestFollower).stop();
  seats.end();
  await inTime(
    app
      .get<InspectableJobQueue>(JOB_QUEUE)
      .stop()
      .then(() => seats.releaseTurn()),
  );
}

function inTime(work: Promise<void>): Promise<void> {
  return Promise.race([work, sleep(DRAIN_MS)]);
}

async function storeBacklog(bus: InspectableEventBus, writers: WriterPool): Promise<void> {
  const deadline = Date.now() + DRAIN_MS;
  while (bus.backlog().blocks > 0 && Date.now() < deadline) {
    await Promise.race([writers.drain(), sleep(deadline - Date.now())]);
    await sleep(LOOK_MS);
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
