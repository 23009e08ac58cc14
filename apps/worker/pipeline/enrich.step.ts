import type { Enrichments } from '#enrichment';
import type { Block } from '#event-model';
import type { StreamSpec } from '#plugin-kit';
import type { RoutedDelivery } from './find-stream.step.js';
import { ok, type Step } from './step-result.js';

/** Adds what is known of values, behind redaction: nothing is looked up by what is not to be kept. */
export function createEnrichStep(
  enrichments: Pick<Enrichments, 'enricher'>,
): Step<RoutedDelivery, RoutedDelivery> {
  return async function enrichStep(routed) {
    const { delivery, stream } = routed;
    const block = await enrichBlock(delivery.block, stream, enrichments);
    return ok(block === delivery.block ? routed : { ...routed, delivery: { ...delivery, block } });
  };
}

/** The block with what is known of its events; itself where that is nothing. The text beside parsed lines stays as it came. */
export async function enrichBlock(
  block: Block,
  stream: StreamSpec,
  enrichments: Pick<Enrichments, 'enricher'>,
): Promise<Block> {
  const enricher = await enrichments.enricher(stream);
  if (!enricher) return block;
  const body = await enricher.body(block.body, stream.eventType);
  return body === block.body ? block : { ...block, body };
}
