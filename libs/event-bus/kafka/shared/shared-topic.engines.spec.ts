import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemoryCatalogue } from '#catalogue/testing';
import type { DoneBlock } from '../../event-bus.port.js';
import { CollectingConsumer, makeBatch, makeBlock, makeIdempotentBatch } from '../../testing/index.js';
import { KafkaEventBus } from '../kafka-event-bus.js';
import type { KafkaBusOptions } from '../kafka-options.js';
import { testOptions } from '../testing/kafka-harness.js';
import { startTestKafka } from '../testing/test-kafka.js';

const kafka = await startTestKafka();
afterAll(() => kafka.stop());

let root: string;
let options: KafkaBusOptions;
let catalogue: MemoryCatalogue;
let opened: KafkaEventBus[];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'alluvium-shared-topic-'));
  options = testOptions(kafka.brokers, root);
  catalogue = new MemoryCatalogue();
  opened = [];
});
afterEach(async () => {
  for (const bus of opened) await bus.stop();
  rmSync(root, { recursive: true, force: true });
});

async function open(name: string, shared = true): Promise<KafkaEventBus> {
  const own = { ...options, directory: join(root, name) };
  const bus = await KafkaEventBus.open(shared ? { ...own, catalogue } : own);
  opened.push(bus);
  return bus;
}

async function stop(bus: KafkaEventBus): Promise<void> {
  opened = opened.filter((each) => each !== bus);
  await bus.stop();
}

const events = async (bus: KafkaEventBus) =>
  (await bus.received(0, Number.MAX_SAFE_INTEGER)).reduce((sum, each) => sum + each.events, 0);

describe('two processes that share a topic', () => {
  it('know what the other published and took off, and count it once', async () => {
    const [api, worker] = [await open('api'), await open('worker')];
    const told: DoneBlock[] = [];
    api.whenDone((blocks) => void told.push(...blocks));
    const [first, second] = [makeBlock(['a', 'b']), makeBlock('c')];
    await api.publish([{ blocks: [first] }]);
    await worker.publish([{ blocks: [second] }]);
    const consumer = new CollectingConsumer();
    const subscription = await worker.subscribe(consumer);
    await consumer.until(2);
    await expect.poll(() => api.backlog().events).toBe(3);
    expect(await api.whenCommitted([first.header.id], 10)).toBe(false);
    const waits = api.whenCommitted([first.header.id, second.header.id], 10_000);
    await subscription.commit(consumer.deliveries);
    expect(await waits).toBe(true);
    await expect
      .poll(() => told.map(({ id, events: n }) => [id, n]))
      .toEqual([
        [first.header.id, 2],
        [second.header.id, 1],
      ]);
    expect([await events(api), await events(worker), api.backlog().blocks]).toEqual([3, 3, 0]);
  });

  it('know all that the other had published when they are asked to catch up', async () => {
    const [api, other] = [await open('api'), await open('other')];
    for (let n = 0; n < 20; n += 1) {
      const block = makeBlock([`${n}`, 'b']);
      await api.publish([{ blocks: [block] }]);
      await other.catchUp();
      expect(other.pendingEvents([block.header.id])).toBe(2);
    }
  });

  it('write the request of a key once, whichever is asked, and however often', async () => {
    const [a, b] = [await open('a'), await open('b')];
    const batch = () => makeIdempotentBatch('k', 'first');
    const outcomes = (await Promise.all([a.publish([batch()]), b.publish([batch()])])).flat();
    const kinds = outcomes.map(({ kind }) => kind).sort();
    expect(kinds.filter((kind) => kind === 'published')).toHaveLength(1);
    for (const bus of [a, b])
      await expect.poll(async () => (await bus.publish([batch()]))[0]?.kind).toBe('repeated');
    const [other] = await b.publish([makeBatch('x'), makeIdempotentBatch('k', 'other')].slice(1));
    expect(other).toMatchObject({ kind: 'repeated', bodyHash: 'hash of first' });
    expect([await events(a), await events(b)]).toEqual([1, 1]);
  });

  it('take over from each other: what was done stays so, and who lost a partition can not say more', async () => {
    const [a, b] = [await open('a'), await open('b')];
    const [one, two] = [new CollectingConsumer(), new CollectingConsumer()];
    await b.publish(['1', '2', '3'].map((text) => makeBatch(text)));
    const subscription = await a.subscribe(one);
    await one.until(3);
    await subscription.commit([one.deliveries[0]!, one.deliveries[2]!]);
    await stop(a);
    await b.subscribe(two);
    await two.until(1);
    expect(two.texts).toEqual(one.texts.slice(1, 2));
    await expect(subscription.commit(one.deliveries.slice(1, 2))).rejects.toThrow();
    const fresh = await open('fresh');
    expect([fresh.backlog().blocks, await events(fresh)]).toEqual([1, 3]);
  });
});

describe('a process that had the topic to itself', () => {
  it('tells the others what is done when it becomes one of several, and does not go back unseen', async () => {
    const alone = await open('old', false);
    await alone.publish(['1', '2', '3'].map((text) => makeBatch(text)));
    const consumer = new CollectingConsumer();
    const subscription = await alone.subscribe(consumer);
    await consumer.until(3);
    await subscription.commit([consumer.deliveries[0]!, consumer.deliveries[2]!]);
    await stop(alone);
    const early = await open('early');
    expect(early.status().fault?.message).toContain('Another data directory takes the events');
    await open('old');
    await expect.poll(() => early.status().fault, { timeout: 15_000 }).toBeUndefined();
    expect(early.backlog().blocks).toBe(1);
    await Promise.all(opened.map((bus) => stop(bus)));
    const again = await open('old', false);
    expect(again.status().fault?.message).toContain('one of several processes');
  });
});
