import type { Block } from '#event-model';
import { inTurns, type RedactionRules } from '#redaction';
import type { RoutedDelivery } from './find-stream.step.js';
import { ok, type Step } from './step-result.js';

/** Applies the rules that are for storing, to what is stored as event, as raw bytes and in quarantine alike. */
export function createRedactStep(
  rules: Pick<RedactionRules, 'redactor'>,
): Step<RoutedDelivery, RoutedDelivery> {
  return async function redactStep(routed) {
    const { delivery } = routed;
    const block = await redactBlock(delivery.block, rules);
    return ok(block === delivery.block ? routed : { ...routed, delivery: { ...delivery, block } });
  };
}

/** The block as it may be stored; itself where no rule has anything to do with it. */
export async function redactBlock(block: Block, rules: Pick<RedactionRules, 'redactor'>): Promise<Block> {
  const { tenant, stream, dropped } = block.header;
  if (dropped !== undefined) return block;
  const redactor = await rules.redactor(tenant, stream, 'store');
  if (!redactor) return block;
  const { body, raw } = block;
  if (raw) return { ...block, ...(await inTurns(redactor.parsed({ body, raw }))) };
  const redacted = await inTurns(redactor.body(body));
  return redacted === body ? block : { ...block, body: redacted };
}
