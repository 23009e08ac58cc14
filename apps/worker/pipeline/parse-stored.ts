import type { Enrichments } from '#enrichment';
import type { Block } from '#event-model';
import type { StreamSpec } from '#plugin-kit';
import type { RedactionRules } from '#redaction';
import type { BlockParser } from './block-parser.js';
import { enrichBlock } from './enrich.step.js';
import { namePeers } from './name-peers.step.js';
import { redactBlock } from './redact.step.js';

/** Does to a block what the pipeline's steps between acceptance and storage do, for what goes its way a second time. */
export function blockReader(
  parser: Pick<BlockParser, 'parse'>,
  redactions: Pick<RedactionRules, 'redactor'>,
  enrichments: Pick<Enrichments, 'enricher'>,
): (block: Block, stream: StreamSpec) => Promise<Block> {
  return async (block, stream) => {
    const parsed = block.header.format === 'lines' ? await parser.parse(block) : block;
    // Of a stored event the address is as redaction left it.
    const named = namePeers(await redactBlock(parsed, redactions));
    return enrichBlock(named, stream, enrichments);
  };
}
