import type { BlockParser } from './block-parser.js';
import type { RoutedDelivery } from './find-stream.step.js';
import { ok, type Step } from './step-result.js';

/** Parses a block of text lines; what came as JSON goes on untouched. Nothing is refused here: refusals are lines too. */
export function createParseStep(parser: Pick<BlockParser, 'parse'>): Step<RoutedDelivery, RoutedDelivery> {
  return async function parseStep(routed) {
    const { block } = routed.delivery;
    const { format, dropped } = block.header;
    if (format !== 'lines' || dropped !== undefined) return ok(routed);
    return ok({ ...routed, delivery: { ...routed.delivery, block: await parser.parse(block) } });
  };
}
