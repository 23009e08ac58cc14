import type { Block } from '#event-model';
import type { Shadows } from '#plugin-host';
import type { RedactionRules } from '#redaction';
import type { BlockParser } from './block-parser.js';
import { redactBlock } from './redact.step.js';

/** Parses blocks on their way into storage, and shows shadows what it made of them: nothing waits for those. */
export class LiveParser {
  constructor(
    private readonly parser: Pick<BlockParser, 'parse'>,
    private readonly shadows: Pick<Shadows, 'offer'>,
    private readonly redactions: Pick<RedactionRules, 'redactor'>,
  ) {}

  /** As {@link BlockParser.parse}. */
  async parse(block: Block): Promise<Block> {
    const parsed = await this.parser.parse(block);
    this.shadows.offer(block, parsed, (one) => redactBlock(one, this.redactions));
    return parsed;
  }
}
