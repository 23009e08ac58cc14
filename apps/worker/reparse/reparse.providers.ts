import type { Provider } from '@nestjs/common';
import { ArchivedUnits } from '#archived-units';
import { CATALOGUE, type Catalogue } from '#catalogue';
import { Enrichments } from '#enrichment';
import { JOB_QUEUE, type JobQueue } from '#job-queue';
import { DiskGuard, FaultPoints } from '#observability';
import { PLUGIN_REGISTRY, type PluginRegistry } from '#plugin-host';
import { RedactionRules } from '#redaction';
import { CopiesDue, ReparseReports, StreamRegistry, TierRegistry } from '#storage-tier';
import { BlockParser } from '../pipeline/block-parser.js';
import { blockReader } from '../pipeline/parse-stored.js';
import { UnitCopies } from '../archive/unit-copies.js';
import { WriterPool } from '../writers/writer-pool.js';
import { PartRewriter } from './part-rewriter.js';
import { ReparseJob } from './reparse-job.js';
import { Rereader } from './rereader.js';

/** What parses stored events again. */
export const REPARSE_PROVIDERS: Provider[] = [
  {
    provide: Rereader,
    inject: [PLUGIN_REGISTRY, BlockParser, RedactionRules, Enrichments],
    useFactory: (
      plugins: PluginRegistry,
      parser: BlockParser,
      ...[redactions, enrichments]: [RedactionRules, Enrichments]
    ) => new Rereader({ parsers: plugins.parsers, parse: blockReader(parser, redactions, enrichments) }),
  },
  {
    provide: PartRewriter,
    inject: [TierRegistry, Rereader, WriterPool, UnitCopies, StreamRegistry, FaultPoints, CopiesDue],
    useFactory: (
      tiers: TierRegistry,
      rereader: Rereader,
      ...[writers, copies, streams, { reach }, due]: [
        WriterPool,
        UnitCopies,
        StreamRegistry,
        FaultPoints,
        CopiesDue,
      ]
    ) => new PartRewriter({ tier: () => tiers.rewriting, rereader, writers, copies, streams, due, reach }),
  },
  {
    provide: ReparseJob,
    inject: [TierRegistry, StreamRegistry, PartRewriter, ArchivedUnits, CATALOGUE, DiskGuard, JOB_QUEUE],
    useFactory: (
      tiers: TierRegistry,
      streams: StreamRegistry,
      ...[rewriter, archived, catalogue, disk, queue]: [
        PartRewriter,
        ArchivedUnits,
        Catalogue,
        DiskGuard,
        JobQueue,
      ]
    ) =>
      new ReparseJob({
        tier: () => tiers.rewriting,
        ...{ streams, rewriter, archived, queue },
        reports: new ReparseReports(catalogue),
        disk: () => disk.state(),
      }),
  },
];
