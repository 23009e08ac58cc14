import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import kafkajs from 'kafkajs';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CollectingConsumer, makeBatch, makeBlock } from '../testing/index.js';
import { KafkaEventBus } from './kafka-event-bus.js';
import { groupOf, topicOf, type KafkaBusOptions } from './kafka-options.js';
import { startTestKafka } from './testing/test-kafka.js';
import { testOptions } from './testing/kafka-harness.js';

const kafka = await startTestKafka();
afterAll(() => kafka.stop());

let directory: string;
let options: KafkaBusOptions;
let bus: KafkaEventBus;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'alluvium-kafka-bus-'));
  const { topic, ...rest } = testOptions(kafka.brokers, directory);
  options = { ...rest, topic: { ...topic, partitions: 4 } };
});
afterEach(async () => {
  await bus.stop();
  rmSync(directory, { recursive: true, force: true });
});

const streams = Array.from({ length: 8 }, (_, nth) => `stream-${nth}`);
const blocksOf = (text: string) => streams.map((stream) => makeBlock(`${text} ${stream}`, { stream }));

describe('a topic of several partitions', () => {
  it('has each stream in one of them, and a request that goes to several comes wholly, once', async () => {
    bus = await KafkaEventBus.open(options);
    const batches = [{ blocks: blocksOf('one') }, ...blocksOf('two').map((block) => ({ blocks: [block] }))];
    await bus.publish(batches);
    await bus.publish([{ blocks: [makeBlock('x'.repeat(3_000_000)), makeBlock('y'.repeat(3_000_000))] }]);
    const consumer = new CollectingConsumer();
    const subscription = await bus.subscribe(consumer);
    await consumer.until(18);
    const lanes = new Map<string, Set<string>>();
    for (const { block, lane } of consumer.deliveries)
      lanes.set(block.header.stream, (lanes.get(block.header.stream) ?? new Set()).add(lane));
    expect([...lanes.values()].every(({ size }) => size === 1)).toBe(true);
    expect(new Set(consumer.deliveries.map(({ lane }) => lane)).size).toBeGreaterThan(1);
    expect(new Set(consumer.texts).size).toBe(18);
    await subscription.commit(consumer.deliveries);
    expect(bus.backlog().blocks).toBe(0);
  });

  it('a block that is in the topic twice, since its write was tried twice, comes once', async () => {
    bus = await KafkaEventBus.open(options);
    const [twice, last] = [makeBlock('twice'), makeBlock('last')];
    const consumer = new CollectingConsumer();
    const subscription = await bus.subscribe(consumer);
    await bus.publish([{ blocks: [twice] }]);
    await consumer.until(1);
    await subscription.commit(consumer.deliveries);
    await bus.publish([{ blocks: [twice] }]);
    await bus.stop();
    bus = await KafkaEventBus.open(options);
    await bus.publish([{ blocks: [twice] }, { blocks: [last] }]);
    const next = new CollectingConsumer();
    await bus.subscribe(next);
    await next.until(1);
    expect(next.texts).toEqual(['last']);
    const counts = await bus.received(0, Number.MAX_SAFE_INTEGER);
    expect(counts.map(({ events }) => events)).toEqual([2]);
  });

  it('nothing is read of a request that a killed process was writing, and what comes next is not held up', async () => {
    bus = await KafkaEventBus.open(options);
    await bus.stop();
    const { owner } = JSON.parse(readFileSync(join(directory, 'cluster.json'), 'utf8'));
    const client = new kafkajs.Kafka({ brokers: [...kafka.brokers], logLevel: kafkajs.logLevel.NOTHING });
    const transactionalId = `${topicOf(options)}.${owner}`;
    const producer = client.producer({ transactionalId, idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    const transaction = await producer.transaction();
    const messages = [0, 1, 2, 3].map((partition) => ({ partition, value: 'half' }));
    await transaction.send({ topic: topicOf(options), messages });
    await producer.disconnect();
    bus = await KafkaEventBus.open(options);
    await bus.publish([makeBatch('whole')]);
    const consumer = new CollectingConsumer();
    await bus.subscribe(consumer);
    await consumer.until(1);
    expect([consumer.texts, bus.status().corruptBlocks]).toEqual([['whole'], 0]);
  });

  it('a lane that another member of the group got is revoked, and its commits are refused', async () => {
    bus = await KafkaEventBus.open(options);
    await bus.publish(blocksOf('one').map((block) => ({ blocks: [block] })));
    const consumer = new CollectingConsumer();
    const subscription = await bus.subscribe(consumer);
    await consumer.until(8);
    const client = new kafkajs.Kafka({ brokers: [...kafka.brokers], logLevel: kafkajs.logLevel.NOTHING });
    const intruder = client.consumer({ groupId: groupOf(options), maxWaitTimeInMs: 200 });
    await intruder.connect();
    await intruder.subscribe({ topic: topicOf(options) });
    const joined = new Promise<readonly number[]>((resolve) => {
      intruder.on(intruder.events.GROUP_JOIN, ({ payload }) =>
        resolve(payload.memberAssignment[topicOf(options)] ?? []),
      );
    });
    await intruder.run({ autoCommit: false, eachBatch: async () => undefined });
    const taken = (await joined).map(String);
    await expect.poll(() => consumer.revoked, { timeout: 20_000 }).toEqual(expect.arrayContaining(taken));
    const lost = consumer.deliveries.filter(({ lane }) => taken.includes(lane));
    expect(lost.length).toBeGreaterThan(0);
    await expect(subscription.commit(lost)).rejects.toMatchObject({ code: 'fenced' });
    expect(bus.backlog().blocks).toBe(8);
    await intruder.disconnect();
    const before = consumer.deliveries.length;
    const again = () => consumer.deliveries.slice(before);
    const blocks = () => new Set(again().map(({ block }) => block.header.id));
    await expect.poll(() => blocks().size, { timeout: 30_000 }).toBe(8);
    await subscription.commit(again());
    expect(bus.backlog().blocks).toBe(0);
  });

  it('another data directory may not take the events of the topic, and what is wrong names its setting', async () => {
    bus = await KafkaEventBus.open(options);
    const consumer = new CollectingConsumer();
    const subscription = await bus.subscribe(consumer);
    await bus.publish([makeBatch('mine')]);
    await consumer.until(1);
    await subscription.commit(consumer.deliveries);
    await expect.poll(() => faultOf({}), { timeout: 30_000 }).toContain('set KAFKA_TOPIC_PREFIX');
    const missing = { prefix: `${options.prefix}-other`, topic: { ...options.topic, create: false } };
    await expect.poll(() => faultOf(missing), { timeout: 30_000 }).toContain('KAFKA_CREATE_TOPICS=on');
    const nobody = { brokers: ['127.0.0.1:1'] };
    await expect.poll(() => faultOf(nobody), { timeout: 30_000 }).toContain('check KAFKA_BROKERS');
  });

  it('a topic that would refuse blocks or lose some is not used, until it is mended', async () => {
    bus = await KafkaEventBus.open(options);
    const prefix = `${options.prefix}-unfit`;
    const topic = topicOf({ prefix });
    const admin = new kafkajs.Kafka({
      brokers: [...kafka.brokers],
      logLevel: kafkajs.logLevel.NOTHING,
    }).admin();
    await admin.connect();
    const set = (entries: Readonly<Record<string, string>>) => {
      const configEntries = Object.entries(entries).map(([name, value]) => ({ name, value }));
      const resource = { type: kafkajs.ConfigResourceTypes.TOPIC, name: topic, configEntries };
      return admin.alterConfigs({ validateOnly: false, resources: [resource] });
    };
    await admin.createTopics({ topics: [{ topic, numPartitions: 1 }], waitForLeaders: true });
    await set({ 'max.message.bytes': '1000000', 'cleanup.policy': 'compact' });
    await expect
      .poll(() => faultOf({ prefix }), { timeout: 30_000 })
      .toMatch(/max\.message\.bytes is 1000000: set it to 8388608; its cleanup\.policy is compact/);
    await set({ 'max.message.bytes': '8388608', 'cleanup.policy': 'delete' });
    await expect.poll(() => faultOf({ prefix }), { timeout: 30_000 }).toBe('');
    await admin.disconnect();
  });

  async function faultOf(changed: Partial<KafkaBusOptions>): Promise<string> {
    const other = mkdtempSync(join(tmpdir(), 'alluvium-kafka-bus-'));
    const opened = await KafkaEventBus.open({ ...options, directory: other, ...changed, startMs: 1_500 });
    const message = opened.status().fault?.message ?? '';
    await opened.stop();
    rmSync(other, { recursive: true });
    return message;
  }
});
