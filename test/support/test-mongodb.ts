import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { MongoClient } from 'mongodb';
import type { MongoPlace } from '#catalogue';
import { startMongoSet } from '../../tools/engines/mongodb-set.mjs';
import type { RunningEngine, StartOptions } from '../../tools/engines/start-engine.mjs';

/** A MongoDB for tests. */
export interface TestMongodb {
  /** A place with a database that nobody else has. */
  place(): MongoPlace;
  /** The processes; none where `MONGODB_URI` names servers that run elsewhere. */
  readonly nodes: readonly RunningEngine[];
  /** As an admin. */
  readonly client: MongoClient;
  stop(): Promise<void>;
}

/** The MongoDB that `MONGODB_URI` names; else a replica set of this test run's own. */
export async function startTestMongodb(
  options: StartOptions & { readonly members?: number } = {},
): Promise<TestMongodb> {
  const isElsewhere = process.env['MONGODB_URI'] !== undefined;
  const set = isElsewhere ? undefined : await startMongoSet({ members: 1, ...options });
  const variables: NodeJS.ProcessEnv = set?.variables ?? process.env;
  const { MONGODB_URI: uri = '', MONGODB_USER: user, MONGODB_PASSWORD: password = '' } = variables;
  const login = user === undefined ? {} : { user, password: () => password };
  const client = new MongoClient(uri, user === undefined ? {} : { auth: { username: user, password } });
  const databases: string[] = [];
  return {
    nodes: set?.nodes ?? [],
    client,
    place() {
      const database = `test_${randomUUID()}`;
      databases.push(database);
      return { uri, database, ...login };
    },
    async stop() {
      if (isElsewhere) for (const name of databases) await client.db(name).dropDatabase();
      await client.close(true);
      await set?.stop();
    },
  };
}

/** The process that is the primary now. */
export async function primaryOf({ client, nodes }: TestMongodb): Promise<RunningEngine> {
  for (;;) {
    const { primary } = await client.db('admin').command({ hello: 1 });
    const found = nodes.find(({ ports }, nth) => `127.0.0.1:${ports[nth]}` === primary);
    if (found) return found;
    await pause(50);
  }
}

/** The settings that lead an appliance to a place. */
export function settingsOf({ uri, database, user, password }: MongoPlace): Record<string, string> {
  return {
    MONGODB_URI: uri,
    MONGODB_DATABASE: database,
    ...(user !== undefined && { MONGODB_USER: user, MONGODB_PASSWORD: password?.() ?? '' }),
  };
}
