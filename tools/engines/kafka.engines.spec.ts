import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import kafkajs from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startKafkaCluster } from './kafka-cluster.mjs';
import { checkJars, kafkaJars } from './kafka-jars.mjs';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alluvium-kafka-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Does something as an admin of the brokers. */
async function asAdmin<T>(
  brokers: string | undefined,
  act: (admin: kafkajs.Admin) => Promise<T>,
): Promise<T> {
  const options = { brokers: String(brokers).split(','), logLevel: kafkajs.logLevel.NOTHING };
  const admin = new kafkajs.Kafka(options).admin();
  try {
    await admin.connect();
    return await act(admin);
  } finally {
    await admin.disconnect();
  }
}

describe('a Kafka of a test run', () => {
  it('has three nodes that replicate, and keeps a topic over kill -9 of one of them', async () => {
    const cluster = await startKafkaCluster();
    const brokers = cluster.variables['KAFKA_BROKERS'];
    try {
      await asAdmin(brokers, (admin) =>
        admin.createTopics({ topics: [{ topic: 'kept', numPartitions: 3 }] }),
      );
      const [first] = cluster.nodes;
      await first?.end('SIGKILL');
      await first?.start();
      const { topics } = await asAdmin(brokers, (admin) => admin.fetchTopicMetadata({ topics: ['kept'] }));
      expect(topics[0]?.partitions.map(({ replicas }) => replicas.length)).toEqual([3, 3, 3]);
    } finally {
      await cluster.stop();
    }
  });

  it('ends when the run is killed', async () => {
    const program = `
      import { kafka } from './tools/engines/kafka.mjs';
      import { startEngine } from './tools/engines/start-engine.mjs';
      const { variables } = await startEngine(kafka, { directory: process.argv[1] });
      console.log(variables.KAFKA_BROKERS);
      setInterval(() => undefined, 1_000);`;
    const args = ['--input-type=module', '-e', program, join(folder, 'left')];
    const parent = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const socket = connect(Number(line.toString().split(':')[1]), '127.0.0.1');
    await once(socket, 'connect');
    const closed = once(
      socket.on('error', () => undefined),
      'close',
    );
    parent.kill('SIGKILL');
    await closed;
  });
});

it('jars that are not the pinned ones are refused by name', async () => {
  const jars = join(folder, 'jars');
  await copyJar(jars, 'slf4j-api-1.7.36.jar');
  await writeFile(join(jars, 'changed.jar'), 'x');
  const sums = `${'0'.repeat(64)}  changed.jar\n${'0'.repeat(64)}  missing.jar\n`;
  await expect(checkJars(jars, sums)).rejects.toThrow(/changed\.jar, missing\.jar, slf4j-api-1\.7\.36\.jar/);
});

async function copyJar(to: string, name: string): Promise<void> {
  await mkdir(to);
  await copyFile(join(await kafkaJars(), name), join(to, name));
}
