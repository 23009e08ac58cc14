import type { Redis } from 'ioredis';

/** BullMQ's own least version is older; this one has what it does best with. */
const LEAST = [6, 2] as const;

/** Says what keeps a Redis that answers from being used; undefined where nothing does. */
export async function checkRedis(client: Redis, owner: OwnerKey): Promise<string | undefined> {
  const problem = unfit(fieldsOf(await client.info()));
  if (problem !== undefined) return problem;
  // A user who may not run scripts, and a server that is full or may not write, say so here.
  await client.eval('return 1', 0);
  return notOurs(client, owner);
}

/** Whose jobs lie under a prefix: two catalogues would take each other's alarms for their own. */
export interface OwnerKey {
  readonly key: string;
  readonly owner: string;
}

/** What INFO says against it. */
export function unfit(info: Readonly<Record<string, string>>): string | undefined {
  const { redis_version: version = '', redis_mode: mode, role, maxmemory_policy: policy } = info;
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < LEAST[0] || (major === LEAST[0] && minor < LEAST[1]))
    return `Redis is of version ${version || 'unknown'}, and ${LEAST.join('.')} or newer is needed: upgrade the server of REDIS_URL.`;
  if (mode === 'cluster')
    return 'The server of REDIS_URL is part of a Redis Cluster: name one Redis, or Sentinels by REDIS_SENTINELS.';
  if (role === 'slave')
    return 'The server of REDIS_URL is a replica: name the master, or Sentinels by REDIS_SENTINELS.';
  if (policy !== undefined && policy !== 'noeviction')
    return `Redis may drop what it keeps (maxmemory-policy ${policy}): set maxmemory-policy noeviction at the server of REDIS_URL.`;
  return undefined;
}

async function notOurs(client: Redis, { key, owner }: OwnerKey): Promise<string | undefined> {
  await client.set(key, owner, 'NX');
  const found = await client.get(key);
  if (found === owner || found === null) return undefined;
  return `Jobs of another data directory lie under REDIS_PREFIX: set another prefix, or, where that directory is gone for good, delete the key ${key}.`;
}

/** Lines of `name:value`. */
export function fieldsOf(info: string): Record<string, string> {
  return Object.fromEntries([...info.matchAll(/^(\w+):(.*?)\r?$/gm)].map(([, name, value]) => [name, value]));
}
