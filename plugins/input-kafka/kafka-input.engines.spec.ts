import { randomUUID } from 'node:crypto';
import kafkajs, { type Admin, type Producer } from 'kafkajs';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { UNPACKED_MAX_BYTES } from '#kafka-client';
import type { Input } from '#plugin-kit';
import { kafka } from '../../tools/engines/kafka.mjs';
import { startEngine, type RunningEngine } from '../../tools/engines/start-engine.mjs';
import plugin from './index.js';
import { KeyedHost } from './testing/keyed-host.js';

const { KAFKA_BROKERS: elsewhere } = process.env;
const WAIT = { timeout: 30_000, interval: 20 };
let engine: RunningEngine | undefined;
let brokers: string[];
let admin: Admin;
let producer: Producer;
let topic: string;
const made: string[] = [];
const running: Input[] = [];

beforeAll(async () => {
  engine = elsewhere === undefined ? await startEngine(kafka) : undefined;
  brokers = String(engine?.variables['KAFKA_BROKERS'] ?? elsewhere).split(',');
  const client = new kafkajs.Kafka({ brokers, logLevel: kafkajs.logLevel.NOTHING });
  admin = client.admin();
  // Else a send that is tried again is in the topic twice.
  producer = client.producer({
    idempotent: true,
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
  });
  await Promise.all([admin.connect(), producer.connect()]);
  // A broker that was just started has no coordinators until somebody asks for one.
  await vi.waitFor(() => admin.fetchOffsets({ groupId: 'first' }), WAIT);
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((input) => input.stop()));
});
afterAll(async () => {
  // Not before: clients that know a topic fail when it goes.
  await admin.deleteTopics({ topics: made });
  await Promise.all([admin.disconnect(), producer.disconnect()]);
  await engine?.stop();
});

async function makeTopic(partitions = 1): Promise<void> {
  topic = `foreign-${randomUUID()}`;
  made.push(topic);
  await admin.createTopics({ topics: [{ topic, numPartitions: partitions }], waitForLeaders: true });
}

const groupOf = (): string => `group-${topic}`;

async function start(host: KeyedHost, options: object = {}): Promise<Input> {
  const input = plugin.input.create(host.context({ brokers, topics: [topic], group: groupOf(), ...options }));
  running.push(input);
  await input.start();
  return input;
}

/** Sends numbered events, one after the other over the partitions. */
async function send(from: number, to: number, partitions = 1): Promise<void> {
  const messages = Array.from({ length: to - from }, (_, at) => ({
    value: JSON.stringify({ n: from + at }),
    partition: (from + at) % partitions,
  }));
  await producer.send({ topic, messages, compression: kafkajs.CompressionTypes.GZIP });
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n);
const sorted = (numbers: readonly number[]): number[] => [...numbers].sort((a, b) => a - b);

/** How far the group is, as other programs see it. */
async function committed(): Promise<readonly string[]> {
  const [found] = await admin.fetchOffsets({ groupId: groupOf(), topics: [topic] });
  return found?.partitions.map(({ offset }) => offset) ?? [];
}

/** How many members the group has that all have their partitions. */
async function members(): Promise<number> {
  const [found] = (await admin.describeGroups([groupOf()])).groups;
  return found?.state === 'Stable' ? found.members.length : 0;
}

it('takes records in order, and says to the group that they are taken only when they are durable', async () => {
  await makeTopic();
  const host = new KeyedHost();
  let open = (): void => undefined;
  host.gate = new Promise((resolve) => (open = resolve));
  await send(0, 500);
  await start(host);
  await expect.poll(committed, WAIT).toEqual(['0']);
  expect(host.taken).toEqual([]);
  open();
  await expect.poll(committed, WAIT).toEqual(['500']);
  expect(host.numbers).toEqual(upTo(500));
  expect(JSON.parse(host.lines[7] ?? '')).toEqual({
    ...{ n: 7, kafka_topic: topic, kafka_partition: 0, kafka_offset: 7 },
  });
  expect(host.taken[0]).toMatchObject({ peer: { address: topic, transport: 'kafka' }, format: 'ndjson' });
});

it('takes each record once where it dies when they are durable and the group has not heard of it', async () => {
  await makeTopic();
  const host = new KeyedHost();
  await send(0, 300);
  const dead = new Promise<void>((resolve) => {
    host.onTaken = () => {
      resolve();
      return new Promise(() => undefined);
    };
  });
  const first = await start(host);
  await dead;
  // As a killed process: it never hears of the end; only its member goes.
  void first.stop();
  await send(300, 600);
  host.onTaken = () => undefined;
  await start(host);
  await expect.poll(committed, WAIT).toEqual(['600']);
  expect(host.numbers).toEqual(upTo(600));
  expect(host.repeats).toBe(1);
  running.splice(0, 1);
});

it('takes each record once while members of the group come and go', async () => {
  await makeTopic(4);
  const host = new KeyedHost();
  await start(host);
  for (let round = 0; round < 2; round += 1) {
    await send(round * 400, round * 400 + 400, 4);
    const other = await start(host);
    await expect.poll(members, WAIT).toBe(2);
    await send(800 + round * 400, 1_200 + round * 400, 4);
    await other.stop();
  }
  await expect.poll(() => host.numbers.length, WAIT).toBeGreaterThanOrEqual(1_600);
  await expect.poll(committed, WAIT).toEqual(['400', '400', '400', '400']);
  expect(sorted(host.numbers)).toEqual(upTo(1_600));
  expect(host.failures).toEqual([]);
});

it('says where a bomb is, and goes on behind it', async () => {
  await makeTopic();
  const host = new KeyedHost();
  await send(0, 3);
  const bomb = { value: Buffer.alloc(UNPACKED_MAX_BYTES / 2 + 1, '1') };
  await producer.send({ topic, messages: [bomb, bomb], compression: kafkajs.CompressionTypes.GZIP });
  await producer.send({ topic, messages: [{ value: 'no json' }, { value: null }] });
  await send(3, 6);
  await start(host);
  await expect.poll(committed, WAIT).toEqual(['10']);
  const refused = host.lines.filter((line) => line.startsWith('refused'));
  const events = host.lines.filter((line) => line.startsWith('{'));
  expect(events.map((line) => JSON.parse(line) as unknown)).toMatchObject(upTo(6).map((n) => ({ n })));
  expect(refused).toEqual([
    `refused record of Kafka: {"topic":"${topic}","partition":0,"offset":3,"last_offset":4,"reason":"gzip: too large"}`,
    `refused record of Kafka: {"topic":"${topic}","partition":0,"offset":5,"last_offset":5,"reason":"no JSON object","value_base64":"bm8ganNvbg=="}`,
  ]);
});

it('begins at the end where that is asked for, and takes text as it is', async () => {
  await makeTopic();
  const host = new KeyedHost();
  await send(0, 5);
  await start(host, { from: 'latest', format: 'lines' });
  await expect.poll(committed, WAIT).toEqual(['5']);
  await producer.send({ topic, messages: [{ value: '<13>hello' }] });
  await expect.poll(() => host.lines, WAIT).toEqual(['<13>hello']);
  expect(host.taken[0]).toMatchObject({ format: 'lines' });
});

it('fails and stays where it is where no entry of sources takes the topic', async () => {
  await makeTopic();
  const host = new KeyedHost();
  host.refuses = true;
  await send(0, 5);
  const input = await start(host);
  await expect
    .poll(() => host.failures.map(({ mend }) => mend), WAIT)
    .toEqual([expect.stringContaining('Name it in the topics of an entry of sources')]);
  await input.stop();
  host.refuses = false;
  await start(host);
  await expect.poll(() => host.numbers, WAIT).toEqual(upTo(5));
});

it('says what to mend where it can not begin', async () => {
  await makeTopic();
  const host = new KeyedHost();
  await expect(start(host, { topics: ['no-such-topic'] })).rejects.toMatchObject({
    message: 'Kafka is not read (the cluster has no topic no-such-topic).',
    mend: 'Make it, or correct topics.',
  });
  await expect(start(host, { brokers: ['127.0.0.1:1'] })).rejects.toMatchObject({
    mend: expect.stringContaining('Check brokers'),
  });
  await expect(start(host, { tls: {} })).rejects.toMatchObject({ mend: expect.stringContaining('TLS') });
});
