import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import kafkajs from 'kafkajs';
import { kafkaJars, VERSION } from './kafka-jars.mjs';
import { brokerProperties, PORTS_A_NODE } from './kafka-properties.mjs';

const END_WITH_INPUT = fileURLToPath(new URL('end-with-input.sh', import.meta.url));
/** A broker with this little memory starts in seconds; its tests need no more. */
const JVM = '-Xms64m -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:MaxDirectMemorySize=128m';
const QUIET = ['-Dorg.slf4j.simpleLogger.defaultLogLevel=warn', '-Djava.awt.headless=true'];
const CLUSTER_ID = 'AAAAAAAAQACAAAAAAAAAAA';
const ANSWER_MS = 2_000;
/** Milliseconds that a broker may take to answer: a JVM starts slowly on a busy machine. */
const START_MS = 180_000;
const run = promisify(execFile);

/** One node of Kafka, broker and controller (KRaft): the released jars, by Maven. Several: `kafka-cluster.mjs`. */
export const kafka = {
  name: 'kafka',
  about: `Kafka ${VERSION}, one broker with KRaft; needs java 17 and mvn`,
  ports: PORTS_A_NODE,

  /**
   * What to start. `node` is one of as many as `ports` has for, each with the same options. `tls` (paths of `cert` with the
   * chain and `key`, PEM, and of the `ca`) opens a listener with TLS and a password; `users` are who may log in there:
   * SCRAM and PLAIN. `proxied`: ports by which clients reach the nodes, in place of their own; what goes there has to come to the
   * third port of the node. `properties` are the broker's own, besides ours or instead of them.
   */
  async plan({ directory, ports, node = 1, tls, users = [], proxied, properties = {} }) {
    const jars = join(await kafkaJars(), '*');
    const config = join(directory, 'server.properties');
    const data = join(directory, 'data');
    await mkdir(directory, { recursive: true });
    await writeFile(config, brokerProperties({ data, ports, node, tls, users, proxied, properties }), {
      mode: 0o600,
    });
    const java = [...JVM.split(' '), ...QUIET, '-cp', jars];
    if (!existsSync(data)) await format([...java, ...formatArgs(config, users)], data);
    const brokers = nodesOf(ports).map(([port]) => `127.0.0.1:${port}`);
    const secure = nodesOf(ports).map(([, , port]) => `127.0.0.1:${port}`);
    return {
      command: END_WITH_INPUT,
      args: ['java', ...java, 'kafka.Kafka', config],
      variables: {
        KAFKA_BROKERS: proxied?.map((port) => `127.0.0.1:${port}`).join(',') ?? brokers.join(','),
        ...(tls && { KAFKA_SECURE_BROKERS: secure.join(',') }),
      },
      startMs: START_MS,
      readVersion: () => readVersion(brokers[node - 1], brokers.length),
    };
  },
};

function nodesOf(ports) {
  return Array.from({ length: ports.length / PORTS_A_NODE }, (_, nth) =>
    ports.slice(nth * PORTS_A_NODE, (nth + 1) * PORTS_A_NODE),
  );
}

function formatArgs(config, users) {
  const scram = users.flatMap(({ name, password }) =>
    ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) => [
      '--add-scram',
      `${mechanism}=[name=${name},password=${password}]`,
    ]),
  );
  return ['kafka.tools.StorageTool', 'format', '-t', CLUSTER_ID, '-c', config, ...scram];
}

/** A format that failed in the middle must not pass for one that was done. */
async function format(args, data) {
  await run('java', args).catch(async (error) => {
    await rm(data, { recursive: true, force: true });
    throw new Error(`Kafka's storage could not be formatted (java 17 must be installed): ${error.message}`);
  });
}

/** Resolves once the broker answers and sees all of its cluster. */
async function readVersion(broker, nodes) {
  const options = { brokers: [broker], connectionTimeout: ANSWER_MS, requestTimeout: ANSWER_MS };
  const client = new kafkajs.Kafka({ ...options, logLevel: kafkajs.logLevel.NOTHING, retry: { retries: 0 } });
  const admin = client.admin();
  try {
    await admin.connect();
    const cluster = await admin.describeCluster();
    if (cluster.brokers.length < nodes)
      throw new Error(`${cluster.brokers.length} of ${nodes} brokers are up`);
    return VERSION;
  } finally {
    await admin.disconnect();
  }
}
