import { randomInt, randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import kafkajs, { type Admin, type Producer } from 'kafkajs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { kafka } from '../../tools/engines/kafka.mjs';
import { startEngine, type RunningEngine } from '../../tools/engines/start-engine.mjs';
import { makeCertificates } from '../inputs/certificates.js';
import { InputClient } from '../inputs/input-client.js';
import { ApiClient } from '../support/api-client.js';
import { pause } from '../support/appliance-process.js';
import { startAppliance, type Appliance } from '../support/start-appliance.js';

const seed = Number(process.env['ALLUVIUM_KAFKA_SEED'] ?? randomInt(1_000));
const PARTITIONS = 2;
const topic = `foreign-${randomUUID()}`;
let folder: string;
let files: Awaited<ReturnType<typeof makeCertificates>>;
let engine: RunningEngine;
let admin: Admin;
let producer: Producer;
let appliance: Appliance;
let inputs: InputClient;
let sent = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alluvium-input-kafka-'));
  files = await makeCertificates(folder);
  const [ca, cert, key] = await Promise.all(
    [files.ca, files.cert, files.key].map((path) => readFile(path, 'utf8')),
  );
  engine = await startEngine(kafka, {
    tls: { ca: ca ?? '', cert: cert ?? '', key: key ?? '' },
    users: [{ name: 'reader', password: 'right' }],
  });
  const brokers = String(engine.variables['KAFKA_BROKERS']).split(',');
  const client = new kafkajs.Kafka({ brokers, logLevel: kafkajs.logLevel.NOTHING });
  [admin, producer] = [
    client.admin(),
    // Else a send that is tried again is in the topic twice.
    client.producer({ idempotent: true, createPartitioner: kafkajs.Partitioners.DefaultPartitioner }),
  ];
  await Promise.all([admin.connect(), producer.connect()]);
  await admin.createTopics({ topics: [{ topic, numPartitions: PARTITIONS }], waitForLeaders: true });
  appliance = await startAppliance();
  inputs = new InputClient(appliance);
});
afterAll(async () => {
  await appliance.dispose();
  await Promise.all([admin.disconnect(), producer.disconnect()]);
  await engine.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Sends events whose messages are numbers. */
async function send(count: number): Promise<void> {
  const messages = Array.from({ length: count }, () => {
    sent += 1;
    return { value: JSON.stringify({ message: String(sent), level: 'info' }), partition: sent % PARTITIONS };
  });
  await producer.send({ topic, messages, compression: kafkajs.CompressionTypes.GZIP });
}

/** Records that the group has taken. */
async function taken(): Promise<number> {
  const [found] = await admin.fetchOffsets({ groupId: 'alluvium-input.orders', topics: [topic] });
  return (found?.partitions ?? []).reduce((sum, { offset }) => sum + Math.max(0, Number(offset)), 0);
}

const brokersOf = (name: string): string[] => String(engine.variables[name]).split(',');

it(`keeps each record of a topic once while it is killed, seed ${seed} (ALLUVIUM_KAFKA_SEED)`, async () => {
  const made = await inputs.ask('POST', '', {
    ...{ name: 'orders', kind: 'kafka', sources: [{ topics: [topic], stream: 'orders' }] },
    options: { brokers: brokersOf('KAFKA_BROKERS'), topics: [topic] },
  });
  expect(made).toMatchObject({ status: 201, body: { state: 'running' } });
  await appliance.stop();
  // It ends when records are durable, and before the group hears of it.
  await appliance.restart({ ALLUVIUM_FAULT_POINTS: 'bus.after-commit:1' });
  await Promise.all([send(400), appliance.exited]);
  await send(400);
  await appliance.restart();
  for (let n = 0; n < 6; n += 1) await send(400);
  await pause(seed);
  await appliance.kill();
  await send(400);
  await appliance.restart();
  inputs = new InputClient(appliance);
  // The group waits for the session of the killed member.
  await expect.poll(taken, { timeout: 60_000, interval: 200 }).toBe(sent);
  const messages = await inputs.allMessages('orders', sent);
  const expected = Array.from({ length: sent }, (_, n) => n + 1);
  expect(messages.map(Number).sort((a, b) => a - b)).toEqual(expected);
  const [event] = await inputs.events('orders', 1);
  expect(event).toMatchObject({ source: 'orders', attributes: { kafka_topic: topic } });
});

it('takes them by TLS with a password, keeps what is no event in quarantine, and says what to mend', async () => {
  const secret = join(folder, 'password');
  await writeFile(secret, 'wrong\n');
  const other = `refused-${randomUUID()}`;
  await admin.createTopics({ topics: [{ topic: other, numPartitions: 1 }], waitForLeaders: true });
  const options = {
    ...{ brokers: brokersOf('KAFKA_SECURE_BROKERS'), topics: [other], tls: { ca_file: files.ca } },
    sasl: { mechanism: 'SCRAM-SHA-512', username: 'reader', password_file: secret },
  };
  const wish = { name: 'secure', kind: 'kafka', options, sources: [{ topics: [other], stream: 'secure' }] };
  expect((await inputs.ask('POST', '', wish)).body).toMatchObject({
    state: 'failed',
    last_error: { mend: 'Correct sasl.username, or what is in sasl.password_file.' },
  });
  await writeFile(secret, 'right\n');
  expect((await inputs.ask('POST', '/secure/start', {})).body).toMatchObject({ state: 'running' });
  await producer.send({ topic: other, messages: [{ value: 'no json' }, { value: '{"message":"kept"}' }] });
  expect(await inputs.events('secure', 1)).toMatchObject([{ message: 'kept' }]);
  const api = new ApiClient(appliance);
  await expect
    .poll(async () => JSON.stringify(await api.quarantine({ stream: 'secure' })))
    .toContain('no JSON object');
  const shown = JSON.stringify((await inputs.ask('GET', '/secure')).body);
  expect(shown + appliance.output()).not.toContain('right');
});
