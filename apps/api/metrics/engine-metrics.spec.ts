import { expect, it } from 'vitest';
import { Registry } from 'prom-client';
import type { CatalogueStatus } from '#catalogue';
import { EventBusError, type BusCluster } from '#event-bus';
import type { QueueStatus } from '#job-queue';
import { HealthState } from '#observability';
import { FakeEventBus } from '../testing/fake-event-bus.js';
import { EngineMetrics } from './engine-metrics.js';
import { ReadyGauge } from './ready-gauge.js';

class FakeCluster extends FakeEventBus {
  seen: BusCluster = { engine: 'kafka', waiting: new Map([['0', 0]]) };

  cluster(): BusCluster {
    return this.seen;
  }
}

class Queue {
  said: QueueStatus = {};

  status(): QueueStatus {
    return this.said;
  }
}

/** What is said of the engines. */
async function linesOf(
  bus: FakeEventBus,
  queue = new Queue(),
  health = new HealthState(),
  catalogue: object = {},
): Promise<string[]> {
  const registry = new Registry();
  void new ReadyGauge(registry, health);
  void new EngineMetrics(registry, bus, queue, catalogue);
  return (await registry.metrics()).split('\n').filter((line) => line && !line.startsWith('#'));
}

it('says nothing of servers that are not in use', async () => {
  expect(await linesOf(new FakeEventBus())).toEqual(['alluvium_ready 0']);
});

it('says whether servers can be worked with, how many brokers are alive, and what waits where', async () => {
  const [bus, queue, health] = [new FakeCluster(), new Queue(), new HealthState()];
  health.markStarted();
  queue.said = { engine: 'redis' };
  expect(await linesOf(bus, queue, health)).toEqual([
    'alluvium_ready 1',
    'alluvium_engine_up{engine="kafka"} 1',
    'alluvium_engine_up{engine="redis"} 1',
    'alluvium_kafka_consumer_lag_records{partition="0"} 0',
  ]);
  queue.said = { engine: 'redis', fault: 'out' };
  bus.failure = new EventBusError('bus_unavailable', 'out');
  const fault = bus.failure;
  health.register('bus', async () => ({ status: 'down', detail: { error: fault.message } }));
  const brokers = { alive: 2, known: 3, partitionsOutOfSync: 1 };
  bus.seen = { ...bus.seen, waiting: new Map([['0', 7]]), brokers };
  expect(await linesOf(bus, queue, health)).toEqual([
    'alluvium_ready 0',
    'alluvium_engine_up{engine="kafka"} 0',
    'alluvium_engine_up{engine="redis"} 0',
    'alluvium_kafka_consumer_lag_records{partition="0"} 7',
    'alluvium_kafka_brokers_alive{engine="kafka"} 2',
    'alluvium_kafka_brokers_known{engine="kafka"} 3',
    'alluvium_kafka_partitions_out_of_sync{engine="kafka"} 1',
  ]);
});

it('says whether the server of the catalogue can be worked with, and how many of its members answer', async () => {
  const lag = new Map([['b.example:27017', 0.25]]);
  let said: CatalogueStatus = { engine: 'mongodb', members: { alive: 3, known: 3 }, lag };
  const lines = () => linesOf(new FakeEventBus(), undefined, undefined, { status: () => said });
  expect(await lines()).toContain('alluvium_engine_up{engine="mongodb"} 1');
  said = { ...said, fault: 'out', members: { alive: 1, known: 3 } };
  expect((await lines()).slice(1)).toEqual([
    'alluvium_engine_up{engine="mongodb"} 0',
    'alluvium_mongodb_members_alive{engine="mongodb"} 1',
    'alluvium_mongodb_members_known{engine="mongodb"} 3',
    'alluvium_mongodb_replication_lag_seconds{member="b.example:27017"} 0.25',
  ]);
});
