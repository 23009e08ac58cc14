import { Controller, UseFilters } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import type { Delivery } from '#event-bus';
import { RedactionRules } from '#redaction';
import { StreamRegistry } from '#storage-tier';
import { BlockParser } from '../pipeline/block-parser.js';
import { buildPipeline } from '../pipeline/build-pipeline.js';
import type { Step } from '../pipeline/step-result.js';
import { WriterPool } from '../writers/writer-pool.js';
import { BLOCKS } from './event-bus.strategy.js';
import { RethrowFilter } from './rethrow.filter.js';

/** Takes blocks off the event bus, through the pipeline. */
@Controller()
@UseFilters(RethrowFilter)
export class BlocksConsumer {
  readonly #pipeline: Step<Delivery, void>;

  constructor(streams: StreamRegistry, parser: BlockParser, redactions: RedactionRules, writers: WriterPool) {
    this.#pipeline = buildPipeline(streams, parser, redactions, writers);
  }

  /** Resolves when there is room for the next block; rejects when the block is to be delivered again. */
  @EventPattern(BLOCKS)
  async onBlock(@Payload() delivery: unknown): Promise<void> {
    await this.#pipeline(delivery as Delivery);
  }
}
