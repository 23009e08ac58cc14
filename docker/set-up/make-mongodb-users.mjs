// Makes of new mongods a replica set with users, or sets the passwords of one that has them: make-mongodb-users.mjs
// It must run on the first one's own address, since only from there a first user may be made.
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { MongoClient, MongoServerError } from 'mongodb';

const {
  MONGODB_LOCAL_URI: uri = 'mongodb://127.0.0.1:27017/?directConnection=true',
  // With a comma between; the first one is that of MONGODB_LOCAL_URI.
  MONGODB_MEMBERS: members = 'mongodb:27017',
  MONGODB_SET: set = 'rs0',
  // What the set is: `data`, or the `config` servers or a `shard` of a cluster, whose users are those of the config servers.
  MONGODB_SET_KIND: kind = 'data',
  MONGODB_USER: user = 'alluvium',
  MONGODB_DATABASE: database = 'alluvium',
  MONGODB_PASSWORD_FILE: passwordFile,
  MONGODB_ADMIN_PASSWORD_FILE: adminPasswordFile,
} = process.env;
const ADMIN = 'admin';
/** Milliseconds that mongod may take to start, or to become the primary. */
const PATIENCE_MS = 60_000;
const AUTHENTICATION_FAILED = 18;
const UNAUTHORIZED = 13;
const ALREADY_INITIALIZED = 23;
const NO_SUCH_USER = 11;

const KINDS = {
  data: { users: true, roles: [] },
  // Streams' collections are spread over shards by the appliance.
  config: { users: true, roles: [{ role: 'clusterManager', db: 'admin' }], set: { configsvr: true } },
  shard: { users: false },
};

const read = (path) => readFileSync(path, 'utf8').trim();

async function ask(options, question) {
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: 5_000, ...options });
  try {
    return await question(client.db('admin'), client);
  } finally {
    await client.close();
  }
}

const is = (error, ...codes) => error instanceof MongoServerError && codes.includes(error.code);

/** A set that was made, or that only its users may ask of, is there already. */
async function makeSet() {
  const hosts = members.split(',').map((host, _id) => ({
    ...{ _id, host },
    // It is asked for users here, which only a primary can make.
    ...(_id === 0 && members.includes(',') && { priority: 2 }),
  }));
  await ask({}, (admin) =>
    admin.command({ replSetInitiate: { _id: set, ...KINDS[kind].set, members: hosts } }),
  ).catch((error) => {
    if (!is(error, UNAUTHORIZED, ALREADY_INITIALIZED)) throw error;
  });
}

async function untilPrimary() {
  for (const until = Date.now() + PATIENCE_MS; ; await pause(200)) {
    const isPrimary = await ask(
      {},
      async (admin) => (await admin.command({ hello: 1 })).isWritablePrimary,
    ).catch((error) => {
      if (Date.now() > until) throw error;
      return false;
    });
    if (isPrimary) return;
    if (Date.now() > until)
      throw new Error(`${members.split(',')[0]} did not become the primary of ${set} within a minute.`);
  }
}

async function makeAdmin(pwd) {
  await ask({}, (admin) =>
    admin.command({ createUser: ADMIN, pwd, roles: ['root'], writeConcern: { w: 'majority' } }),
  ).catch((error) => {
    // Once there is a user, nobody else may make one.
    if (!is(error, UNAUTHORIZED)) throw error;
  });
}

async function makeUser(auth, pwd) {
  const roles = [{ role: 'readWrite', db: database }, ...KINDS[kind].roles];
  const rights = { pwd, roles, writeConcern: { w: 'majority' } };
  await ask({ auth }, async (admin) => {
    await admin.command({ updateUser: user, ...rights }).catch(async (error) => {
      if (!is(error, NO_SUCH_USER)) throw error;
      await admin.command({ createUser: user, ...rights });
    });
  });
}

try {
  if (!Object.hasOwn(KINDS, kind))
    throw new Error(`MONGODB_SET_KIND is one of ${Object.keys(KINDS).join(', ')}, and not ${kind}.`);
  const adminPassword = read(adminPasswordFile);
  await makeSet();
  await untilPrimary();
  await makeAdmin(adminPassword);
  if (KINDS[kind].users) await makeUser({ username: ADMIN, password: adminPassword }, read(passwordFile));
  console.log(`The replica set ${set} has its users.`);
} catch (error) {
  console.error(`MongoDB was not set up: ${error.message}`);
  if (is(error, AUTHENTICATION_FAILED))
    console.error(
      'Its data has another password of the user admin: put the secret mongodb_admin_password back that it was made with.',
    );
  process.exitCode = 1;
}
