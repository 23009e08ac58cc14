import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { afterEach, describe, expect, it } from 'vitest';
import type { Delivery, InspectableEventBus } from '#event-bus';
import { AlluviumError } from '#event-model';
import { LOGGER } from '#observability';
import type { StreamRegistry } from '#storage-tier';
import { FakeLaneBus } from '../testing/fake-lane-bus.js';
import { deliveriesOf, FakeLogger, STREAM } from '../testing/scene.js';
import type { BlockParser } from '../pipeline/block-parser.js';
import { buildPipeline } from '../pipeline/build-pipeline.js';
import type { WriterPool } from '../writers/writer-pool.js';
import { BLOCK_PIPELINE, BlocksConsumer } from './blocks.consumer.js';
import { EventBusStrategy, type Commit } from './event-bus.strategy.js';

@Module({})
class BlocksModule {}

describe('the event bus as a Nest microservice', () => {
  const closing: (() => Promise<void>)[] = [];
  afterEach(() => Promise.all(closing.splice(0).map((close) => close())));

  async function start(
    offer: (delivery: Delivery) => Promise<void>,
    find = async () => STREAM as typeof STREAM | undefined,
  ) {
    const bus = new FakeLaneBus();
    const logger = new FakeLogger();
    const lanes: { lane: string; epoch: number; commit: Commit }[] = [];
    const revoked: string[] = [];
    const strategy = new EventBusStrategy(bus as unknown as InspectableEventBus, {
      assigned: (lane, epoch, commit) => void lanes.push({ lane, epoch, commit }),
      revoked: (lane) => void revoked.push(lane),
    });
    const pipeline = buildPipeline(
      { find } as unknown as StreamRegistry,
      {} as unknown as BlockParser,
      { redactor: async () => undefined },
      { enricher: async () => undefined },
      { offer: (_stream: unknown, delivery: Delivery) => offer(delivery) } as unknown as WriterPool,
    );
    const providers = [
      { provide: BLOCK_PIPELINE, useValue: pipeline },
      { provide: LOGGER, useValue: logger },
    ];
    const app = await NestFactory.createMicroservice(
      { module: BlocksModule, controllers: [BlocksConsumer], providers },
      { strategy, logger: false },
    );
    closing.push(() => app.close());
    await app.listen();
    return { bus, lanes, revoked, strategy, logger };
  }

  it('hands blocks to the pipeline as they are and waits for its end', async () => {
    const taken: Delivery[] = [];
    let free = (): void => {};
    const { bus } = await start(
      (delivery) => (taken.push(delivery), new Promise((resolve) => (free = resolve))),
    );
    const delivery = deliveriesOf()('a');
    let ended = false;
    const delivering = bus.deliver(delivery).then(() => (ended = true));
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect([taken[0] === delivery, ended]).toEqual([true, false]);
    free();
    await delivering;
  });

  it.each([true, false])('lets the bus see an error as it is, retryable %s included', async (retryable) => {
    const error = new AlluviumError('no', { code: 'some_code', retryable });
    const { bus, logger } = await start(() => Promise.reject(error));
    await expect(bus.deliver(deliveriesOf()('a'))).rejects.toBe(error);
    expect(logger.lines).toMatchObject([{ level: 'warn', fields: { err: error } }]);
  });

  it('sends back a block of an unknown stream', async () => {
    const { bus } = await start(
      async () => {},
      async () => undefined,
    );
    await expect(bus.deliver(deliveriesOf()('a'))).rejects.toMatchObject({ code: 'stream_unknown' });
  });

  it('tells of lanes, and commits on the bus', async () => {
    const { bus, lanes, revoked } = await start(async () => {});
    expect(lanes).toMatchObject([{ lane: '0', epoch: 7 }]);
    const delivery = deliveriesOf()('a');
    await lanes[0]?.commit([delivery]);
    expect(bus.committed).toEqual([delivery.position]);
    await bus.consumer?.onRevoked('0');
    expect(revoked).toEqual(['0']);
  });

  it('ends delivery when it is closed, after which commits are possible still', async () => {
    const { bus, lanes, strategy } = await start(async () => {});
    await strategy.close();
    expect(bus.stops).toBe(1);
    await lanes[0]?.commit([deliveriesOf()('a')]);
    expect(bus.committed).toEqual([1]);
  });

  it('says at start when the bus cannot be read, and may be closed all the same', async () => {
    const bus = { subscribe: () => Promise.reject(new Error('damaged')) } as unknown as InspectableEventBus;
    const strategy = new EventBusStrategy(bus, { assigned: () => {}, revoked: () => {} });
    await strategy.close();
    const error = await new Promise((resolve) => strategy.listen(resolve));
    expect(error).toMatchObject({ message: 'damaged' });
    await strategy.close();
  });
});
