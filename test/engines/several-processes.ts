import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestServer } from '../../plugins/tier-clickhouse/testing/test-server.js';
import { kafka as kafkaEngine } from '../../tools/engines/kafka.mjs';
import { startEngine } from '../../tools/engines/start-engine.mjs';
import { Appliance } from '../support/start-appliance.js';
import { settingsOf, startTestMongodb } from '../support/test-mongodb.js';
import { loseAll, startTestRedis } from '../support/test-redis.js';

/** An answer of some process, as tests look at it. */
export interface Answered {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** The engines that the processes of an appliance share, and those processes. */
export interface SeveralProcesses {
  /** What each process is set up with, besides its role. */
  readonly env: Readonly<Record<string, string>>;
  /** A process with a data directory of its own, which isn't started yet. */
  prepare(roles: string): Promise<Appliance>;
  /** Takes away all that Redis has of them. */
  loseJobs(): Promise<void>;
  stop(): Promise<void>;
}

/** The brokers that `KAFKA_BROKERS` names; else one of this test run's own. */
export async function startKafka() {
  const { KAFKA_BROKERS: set } = process.env;
  if (set !== undefined) return { brokers: set, stop: async () => undefined };
  const engine = await startEngine(kafkaEngine);
  return { brokers: String(engine.variables['KAFKA_BROKERS']), stop: () => engine.stop() };
}

/** Starts the engines, or takes those that settings name. */
export async function startEngines(): Promise<SeveralProcesses> {
  const [kafka, mongodb, server, redis, archives] = await Promise.all([
    ...[startKafka(), startTestMongodb(), startTestServer(), startTestRedis()],
    mkdtemp(join(tmpdir(), 'alluvium-archives-')),
  ] as const);
  const prepared: Appliance[] = [];
  const env = {
    ...{
      KAFKA_BROKERS: kafka.brokers,
      KAFKA_TOPIC_PREFIX: `e2e-${randomUUID()}`,
      KAFKA_PARTITIONS: '4',
    },
    ...settingsOf(mongodb.place()),
    ...{ CLICKHOUSE_URL: server.url, CLICKHOUSE_USER: server.user, CLICKHOUSE_PASSWORD: server.password() },
    ...{ REDIS_URL: redis.place.url, REDIS_PASSWORD: redis.place.password, REDIS_PREFIX: redis.place.prefix },
    ...{ ALLUVIUM_ARCHIVE_DIR: archives, ALLUVIUM_ADMIN_KEY: `alv_${'a'.repeat(8)}_${'k'.repeat(48)}` },
  };
  return {
    env,
    async prepare(roles) {
      const process = await Appliance.prepare({
        env: { ...env, ALLUVIUM_ROLES: roles },
        startTimeoutMs: 90_000,
      });
      prepared.push(process);
      return process;
    },
    loseJobs: () => loseAll(redis, redis.place),
    async stop() {
      await Promise.all(prepared.map((process) => process.dispose()));
      await Promise.all([kafka.stop(), mongodb.stop(), server.stop(), redis.stop()]);
      await rm(archives, { recursive: true, force: true });
    },
  };
}

/** Asks a process as an admin, or with another key. */
export async function ask(
  process: Appliance,
  path: string,
  { method = 'GET', json, headers = {} }: Asked = {},
): Promise<Answered> {
  const answer = await fetch(`${process.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${process.adminKey}`,
      ...(json !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(json !== undefined && { body: JSON.stringify(json) }),
  });
  const body = (await answer.json().catch(() => ({}))) as Record<string, unknown>;
  return { status: answer.status, body };
}

interface Asked {
  readonly method?: string;
  readonly json?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}
