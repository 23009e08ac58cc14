// Tells a cluster of MongoDB of its shards, by a router; those that it has stay: make-mongodb-shards.mjs
import { readFileSync } from 'node:fs';
import { MongoClient } from 'mongodb';

const {
  MONGODB_URI: uri,
  // `set/host,host set/host,host`
  MONGODB_SHARDS: shards = '',
  MONGODB_ADMIN_PASSWORD_FILE: adminPasswordFile,
} = process.env;
const NO_SUCH_COMMAND = 59;
const AUTHENTICATION_FAILED = 18;

const whys = {
  [NO_SUCH_COMMAND]: 'MONGODB_URI names no router (mongos).',
  [AUTHENTICATION_FAILED]:
    'Its data has another password of the user admin: put the secret mongodb_admin_password back that it was made with.',
};

let client;
try {
  const names = shards.split(' ').filter((name) => name !== '');
  if (names.length === 0)
    throw new Error('MONGODB_SHARDS names no shard: set/host,host for each, a space between.');
  const password = readFileSync(adminPasswordFile, 'utf8').trim();
  client = new MongoClient(uri, {
    auth: { username: 'admin', password },
    serverSelectionTimeoutMS: 60_000,
  });
  for (const name of names) await client.db('admin').command({ addShard: name });
  console.log(`The cluster has ${names.length} shards.`);
} catch (error) {
  console.error(`The cluster of MongoDB was not told of its shards: ${error.message}`);
  if (whys[error.code]) console.error(whys[error.code]);
  process.exitCode = 1;
} finally {
  await client?.close();
}
