import { Controller, Inject, UseFilters } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import type { Delivery } from '#event-bus';
import type { Step } from '../pipeline/step-result.js';
import { BLOCKS } from './event-bus.strategy.js';
import { RethrowFilter } from './rethrow.filter.js';

/** Token of what happens to a block: a `Step<Delivery, void>`. */
export const BLOCK_PIPELINE = Symbol('BLOCK_PIPELINE');

/** Takes blocks off the event bus, through the pipeline. */
@Controller()
@UseFilters(RethrowFilter)
export class BlocksConsumer {
  constructor(@Inject(BLOCK_PIPELINE) private readonly pipeline: Step<Delivery, void>) {}

  /** Resolves when there is room for the next block; rejects when the block is to be delivered again. */
  @EventPattern(BLOCKS)
  async onBlock(@Payload() delivery: unknown): Promise<void> {
    await this.pipeline(delivery as Delivery);
  }
}
