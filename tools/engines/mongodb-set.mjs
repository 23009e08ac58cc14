import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { freePorts } from './free-ports.mjs';
import { mongodb } from './mongodb.mjs';
import { startEngine } from './start-engine.mjs';

const LOOK_MS = 100;
const TOGETHER_MS = 60_000;

/**
 * Starts a replica set of MongoDB, by default of three members, each of which may be ended and started on its own. A
 * `directory` that is given is left alone and keeps the data.
 *
 * @throws Error with the end of a member's log where they don't come up
 */
export async function startMongoSet({ members = 3, directory: given, ports: set, ...options } = {}) {
  const directory = given ?? (await mkdtemp(join(tmpdir(), 'alluvium-mongodb-set-')));
  const ports = set ?? (await freePorts(members));
  const start = (nth) =>
    startEngine(mongodb, { ...options, directory: join(directory, String(nth)), ports, node: nth });
  // The one that makes the set needs the others there.
  const others = Array.from({ length: members - 1 }, (_, nth) => start(nth + 2));
  const started = await Promise.allSettled([...others, Promise.allSettled(others).then(() => start(1))]);
  const running = [...started.slice(-1), ...started.slice(0, -1)].flatMap((each) =>
    each.status === 'fulfilled' ? [each.value] : [],
  );
  const stop = async () => {
    await Promise.all(running.map((node) => node.stop()));
    if (given === undefined) await rm(directory, { recursive: true, force: true });
  };
  try {
    const failed = started.find((each) => each.status === 'rejected');
    if (failed) throw failed.reason;
    await allTogether(running[0].variables);
  } catch (error) {
    await stop();
    throw error;
  }
  return { nodes: running, variables: running[0].variables, stop };
}

/** Resolves when each member is the primary or follows it. */
async function allTogether({ MONGODB_URI, MONGODB_USER, MONGODB_PASSWORD }) {
  const auth = { username: MONGODB_USER, password: MONGODB_PASSWORD };
  const client = new MongoClient(MONGODB_URI, { auth });
  try {
    for (const until = Date.now() + TOGETHER_MS; Date.now() < until;) {
      const { members } = await client.db('admin').command({ replSetGetStatus: 1 });
      if (members.every(({ stateStr }) => ['PRIMARY', 'SECONDARY'].includes(stateStr))) return;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  } finally {
    await client.close();
  }
  throw new Error(`The members of the replica set were not together within ${TOGETHER_MS} ms.`);
}
