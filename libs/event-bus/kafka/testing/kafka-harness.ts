import { randomUUID } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import kafkajs from 'kafkajs';
import type { Catalogue } from '#catalogue';
import type { InspectableEventBus } from '../../event-bus.port.js';
import type { BusFaultPoint, EventBusHarness } from '../../testing/index.js';
import { KafkaEventBus } from '../kafka-event-bus.js';
import { topicOf, type KafkaBusOptions } from '../kafka-options.js';

type Wrap = (bus: InspectableEventBus) => InspectableEventBus;

/** A topic of one partition, with a name of its own. */
export function testOptions(brokers: readonly string[], directory: string): KafkaBusOptions {
  return {
    brokers,
    directory,
    prefix: `test-${randomUUID()}`,
    topic: { create: true, partitions: 1, retentionMs: 3_600_000 },
    redeliverAfterMs: 10,
  };
}

/** A bus on a topic of its own, with a catalogue as one of several processes. A copy of its index at some moment, with the topic, is what a process killed then leaves. */
export async function startKafkaHarness(
  brokers: readonly string[],
  wrap: Wrap = (bus) => bus,
  catalogue?: Catalogue,
): Promise<EventBusHarness> {
  const root = mkdtempSync(join(tmpdir(), 'alluvium-kafka-bus-'));
  const harness = new KafkaHarness(
    root,
    { ...testOptions(brokers, root), ...(catalogue && { catalogue }) },
    wrap,
  );
  await harness.open('0');
  return harness;
}

/** Ends what the process does at a point, as a kill would. */
class Killed extends Error {}

class KafkaHarness implements EventBusHarness {
  private readonly opened: InspectableEventBus[] = [];
  private directory = '';
  private dieAt: BusFaultPoint | undefined;

  constructor(
    private readonly root: string,
    private readonly options: KafkaBusOptions,
    private readonly wrap: Wrap,
  ) {}

  get bus(): InspectableEventBus {
    const [newest] = this.opened.slice(-1);
    if (!newest) throw new Error('no bus was opened');
    return newest;
  }

  async open(directory: string): Promise<InspectableEventBus> {
    this.directory = directory;
    const reach = (point: string): void => this.reached(point);
    const bus = await KafkaEventBus.open({ ...this.options, directory: join(this.root, directory), reach });
    const wrapped = this.wrap(bus);
    this.opened.push(wrapped);
    const { fault } = bus.status();
    if (fault) throw fault;
    return wrapped;
  }

  async crash(): Promise<InspectableEventBus> {
    return this.leave(this.copy());
  }

  async crashAt(point: BusFaultPoint, act: () => Promise<unknown>): Promise<InspectableEventBus> {
    this.dieAt = point;
    await act().catch((error: unknown) => {
      if (!(error instanceof Killed)) throw error;
    });
    if (this.dieAt) throw new Error(`the bus never came to ${point}`);
    return this.leave(this.nextDirectory());
  }

  async restart(): Promise<InspectableEventBus> {
    await this.bus.stop();
    return this.open(this.directory);
  }

  async stop(): Promise<void> {
    for (const bus of this.opened) await bus.stop();
    rmSync(this.root, { recursive: true, force: true });
    const client = new kafkajs.Kafka({
      brokers: [...this.options.brokers],
      logLevel: kafkajs.logLevel.NOTHING,
    });
    const admin = client.admin();
    await admin.connect();
    await admin.deleteTopics({ topics: [topicOf(this.options)] });
    await admin.disconnect();
  }

  /** The one that died would be missed by its group for a session. */
  private async leave(copy: string): Promise<InspectableEventBus> {
    await this.bus.stop();
    return this.open(copy);
  }

  private reached(point: string): void {
    if (point !== this.dieAt) return;
    this.dieAt = undefined;
    this.copy();
    throw new Killed(point);
  }

  private copy(): string {
    const copy = this.nextDirectory();
    cpSync(join(this.root, this.directory), join(this.root, copy), { recursive: true });
    return copy;
  }

  private nextDirectory(): string {
    return String(Number(this.directory) + 1);
  }
}
