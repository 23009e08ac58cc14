import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MongoClient } from 'mongodb';
import { mongodPath, VERSION } from './mongod-binary.mjs';

const END_WITH_INPUT = fileURLToPath(new URL('end-with-input.sh', import.meta.url));
const SET = 'rs0';
const USER = 'alluvium';
const ANSWER_MS = 2_000;
/** Members of a set prove to each other by it that they belong together. */
const SET_KEY = randomBytes(48).toString('base64');
const PASSWORD = randomBytes(12).toString('hex');

/** One member of a replica set with users: a real mongod, by pip. Several: `mongodb-set.mjs`. */
export const mongodb = {
  name: 'mongodb',
  about: `MongoDB ${VERSION}, a replica set of one with a password; needs python3 with pip`,
  ports: 1,

  /**
   * What to start. `node` is one of as many as `ports` has; the first one makes the set and its users. `users` are those
   * besides the one of `variables`, who may do everything: each with a password and roles. `tls` (PEM texts) lets clients
   * come by TLS too. `proxied`: ports by which members and clients reach the members, in place of their own.
   */
  async plan({ directory, ports, node = 1, users = [], tls, proxied = ports }) {
    const data = join(directory, 'data');
    const keyFile = join(directory, 'set.key');
    await mkdir(data, { recursive: true });
    await writeFile(keyFile, SET_KEY, { mode: 0o600 });
    const hosts = proxied.map((port) => `127.0.0.1:${port}`);
    const uri = `mongodb://${hosts.join(',')}/?replicaSet=${SET}`;
    const admin = { name: USER, password: PASSWORD, roles: ['root'] };
    return {
      command: END_WITH_INPUT,
      args: [
        await mongodPath(),
        ...(await flags({ port: ports[node - 1], keyFile, tls, directory })),
        // Its arguments name its folder, by which it is known for the one that was started.
        ...['--dbpath', data],
      ],
      variables: { MONGODB_URI: uri, MONGODB_USER: USER, MONGODB_PASSWORD: PASSWORD },
      readVersion: () => readVersion({ hosts, node, users: [admin, ...users] }),
    };
  },
};

async function flags({ port, keyFile, tls, directory }) {
  const pem = join(directory, 'server.pem');
  const ca = join(directory, 'ca.pem');
  if (tls) {
    await writeFile(pem, `${tls.cert}\n${tls.key}`, { mode: 0o600 });
    await writeFile(ca, tls.ca);
  }
  const all = {
    ...{ port, bind_ip: '127.0.0.1', replSet: SET, keyFile, unixSocketPrefix: directory },
    ...{ wiredTigerCacheSizeGB: 0.25, oplogSize: 64 },
    ...(tls && { tlsMode: 'allowTLS', tlsCertificateKeyFile: pem, tlsCAFile: ca }),
  };
  const parameters = ['enableTestCommands=1', 'diagnosticDataCollectionEnabled=false'];
  return [
    ...Object.entries(all).flatMap(([name, value]) => [`--${name}`, String(value)]),
    ...(tls ? ['--tlsAllowConnectionsWithoutCertificates'] : []),
    ...parameters.flatMap((parameter) => ['--setParameter', parameter]),
  ];
}

/** The version of the server, once it answers; of the first one, once the set has a primary and users. */
async function readVersion({ hosts, node, users }) {
  const isMade = await ask(`mongodb://${hosts[node - 1]}/?directConnection=true`, async (admin) => {
    const { setName } = await admin.command({ hello: 1 });
    if (setName !== undefined || node !== 1) return true;
    await admin.command({ replSetInitiate: setOf(hosts) });
    return false;
  });
  if (node === 1 && !isMade) await makeUsers(hosts, users);
  return VERSION;
}

async function makeUsers(hosts, users) {
  const uri = `mongodb://${hosts.join(',')}/?replicaSet=${SET}`;
  const [first, ...others] = users;
  const create = async (admin, { name, password, roles }) =>
    admin.command({ createUser: name, pwd: password, roles, writeConcern: { w: 'majority' } });
  // Before there is a user, whoever comes from this machine may make one.
  await ask(uri, (admin) => create(admin, first), { serverSelectionTimeoutMS: 30_000 });
  const auth = { username: first.name, password: first.password };
  await ask(
    uri,
    async (admin) => {
      for (const user of others) await create(admin, user);
    },
    { auth },
  );
}

/** Quick to replace a primary: its members are on one machine. */
function setOf(hosts) {
  return {
    _id: SET,
    members: hosts.map((host, nth) => ({ _id: nth, host })),
    settings: { electionTimeoutMillis: 1_500, heartbeatIntervalMillis: 300 },
  };
}

async function ask(uri, question, options) {
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: ANSWER_MS, ...options });
  try {
    return await question(client.db('admin'));
  } finally {
    await client.close();
  }
}
