import type { Enrichments } from '#enrichment';
import type { Delivery } from '#event-bus';
import type { RedactionRules } from '#redaction';
import type { StreamRegistry } from '#storage-tier';
import type { WriterPool } from '../writers/writer-pool.js';
import type { BlockParser } from './block-parser.js';
import { createEnrichStep } from './enrich.step.js';
import { createFindStreamStep } from './find-stream.step.js';
import { createNamePeersStep } from './name-peers.step.js';
import { createParseStep } from './parse.step.js';
import { createRedactStep } from './redact.step.js';
import type { Step, StepResult } from './step-result.js';
import { createWriteStep } from './write.step.js';

/** What happens to a block, top to bottom. */
export function buildPipeline(
  streams: StreamRegistry,
  parser: Pick<BlockParser, 'parse'>,
  ...[redactions, enrichments, writers]: [
    Pick<RedactionRules, 'redactor'>,
    Pick<Enrichments, 'enricher'>,
    WriterPool,
  ]
): Step<Delivery, void> {
  const parsed = pipe(createFindStreamStep(streams), createParseStep(parser));
  const redacted = pipe(pipe(parsed, createNamePeersStep()), createRedactStep(redactions));
  return pipe(pipe(redacted, createEnrichStep(enrichments)), createWriteStep(writers));
}

/** Runs the second step on what the first lets through. */
export function pipe<A, B, C>(first: Step<A, B>, second: Step<B, C>): Step<A, C> {
  return async (input): Promise<StepResult<C>> => {
    const result = await first(input);
    return result.kind === 'ok' ? second(result.value) : result;
  };
}
