import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import kafkajs, { type Admin, type Consumer, type Kafka } from 'kafkajs';
import { MongoClient } from 'mongodb';
import type { DistributedEngines, EngineNode } from './engines.js';
import { PREFIX } from './rig.js';

const OFFSETS = '__consumer_offsets';
/** The group of the worker that stores blocks. */
const GROUP = `${PREFIX}.search`;
const TOPIC = `${PREFIX}.blocks`;
const STAYS_MS = 1_000;

/** Takes away everything that Redis has. */
export async function flushRedis({ REDIS_URL = '', REDIS_PASSWORD = '' }: Settings): Promise<void> {
  const client = new Redis(REDIS_URL, { password: REDIS_PASSWORD });
  await client.flushall();
  client.disconnect();
}

/** The member of the replica set that is the primary, once there is one. */
export async function primaryOf({ settings, mongodb }: DistributedEngines): Promise<EngineNode> {
  const { MONGODB_URI = '', MONGODB_USER = '', MONGODB_PASSWORD = '' } = settings;
  const auth = { username: MONGODB_USER, password: MONGODB_PASSWORD };
  const client = new MongoClient(MONGODB_URI, { auth });
  try {
    for (;;) {
      const { primary } = await client.db('admin').command({ hello: 1 });
      const found = mongodb.find(({ proxy }) => primary === `127.0.0.1:${proxy.port}`);
      if (found) return found;
      await pause(50);
    }
  } finally {
    await client.close(true);
  }
}

/** The broker that coordinates the worker's group: it leads the partition of the offsets that the group's name falls on. */
export async function coordinatorOf({ settings, brokers }: DistributedEngines): Promise<EngineNode> {
  return asAdmin(settings, async (admin) => {
    const { topics } = await admin.fetchTopicMetadata({ topics: [OFFSETS] });
    const partitions = topics[0]?.partitions ?? [];
    const of = hashOf(GROUP) % partitions.length;
    const leader = partitions.find(({ partitionId }) => partitionId === of)?.leader;
    const found = brokers[Number(leader) - 1];
    if (!found) throw new Error(`The coordinator of ${GROUP} is broker ${leader}, which is none of ours.`);
    return found;
  });
}

/** Strangers join every group of the topic and leave again, over and over: its partitions change hands each time. */
export async function stormOfMembers({ settings }: DistributedEngines, forMs: number): Promise<void> {
  const groups = await asAdmin(settings, async (admin) => {
    const listed = await admin.listGroups();
    return listed.groups.map(({ groupId }) => groupId).filter((group) => group.startsWith(`${PREFIX}.`));
  });
  if (!groups.includes(GROUP)) throw new Error(`There is no group ${GROUP}.`);
  for (const until = Date.now() + forMs; Date.now() < until;) {
    const strangers = groups.map((groupId) => clientOf(settings).consumer({ groupId, maxWaitTimeInMs: 200 }));
    await Promise.all(strangers.map(join));
    await pause(STAYS_MS);
    await Promise.all(strangers.map((stranger) => stranger.disconnect()));
  }
}

/** Reads, and commits nothing. */
async function join(stranger: Consumer): Promise<void> {
  await stranger.connect();
  await stranger.subscribe({ topic: TOPIC });
  await stranger.run({ autoCommit: false, eachBatch: async () => undefined });
}

type Settings = Readonly<Record<string, string>>;

function clientOf({ KAFKA_BROKERS = '' }: Settings): Kafka {
  return new kafkajs.Kafka({ brokers: KAFKA_BROKERS.split(','), logLevel: kafkajs.logLevel.NOTHING });
}

async function asAdmin<T>(settings: Settings, ask: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = clientOf(settings).admin();
  try {
    await admin.connect();
    return await ask(admin);
  } finally {
    await admin.disconnect();
  }
}

/** Java's hash of a text without its sign, by which Kafka chooses. */
function hashOf(text: string): number {
  let hash = 0;
  for (const sign of text) hash = (Math.imul(hash, 31) + sign.charCodeAt(0)) | 0;
  return hash & 0x7fff_ffff;
}
