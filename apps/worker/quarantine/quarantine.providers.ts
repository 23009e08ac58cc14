import type { Provider } from '@nestjs/common';
import { ArchivedUnits } from '#archived-units';
import { Enrichments } from '#enrichment';
import { BlockOutcomes, LedgerMoves, LedgerWriter, QuarantineActions } from '#ledger';
import { FaultPoints } from '#observability';
import { RedactionRules } from '#redaction';
import { CopiesDue, StreamRegistry, TierRegistry } from '#storage-tier';
import { BlockParser } from '../pipeline/block-parser.js';
import { blockReader } from '../pipeline/parse-stored.js';
import { ClientIdIndex } from '../writers/client-id-index.js';
import { WriterPool } from '../writers/writer-pool.js';
import { QuarantineJob } from './quarantine-job.js';
import { QuarantineMover } from './quarantine-mover.js';
import { Replayer } from './replayer.js';

/** Kind of the job that replays or resolves refused events. */
export const QUARANTINE_MOVE = 'quarantine.move';

/** What takes events out of quarantine. */
export const QUARANTINE_PROVIDERS: Provider[] = [
  {
    provide: Replayer,
    inject: [TierRegistry, ClientIdIndex, ArchivedUnits, BlockParser, RedactionRules, Enrichments],
    useFactory: (
      tiers: TierRegistry,
      ids: ClientIdIndex,
      ...[archived, parser, redactions, enrichments]: [
        ArchivedUnits,
        BlockParser,
        RedactionRules,
        Enrichments,
      ]
    ) =>
      new Replayer({
        tier: () => tiers.replaying,
        ...{ ids, archived },
        parse: blockReader(parser, redactions, enrichments),
      }),
  },
  {
    provide: QuarantineMover,
    inject: [
      TierRegistry,
      Replayer,
      BlockOutcomes,
      LedgerWriter,
      LedgerMoves,
      QuarantineActions,
      FaultPoints,
      CopiesDue,
    ],
    useFactory: (
      tiers: TierRegistry,
      replayer: Replayer,
      ...[outcomes, ledger, moves, actions, faults, due]: [
        BlockOutcomes,
        LedgerWriter,
        LedgerMoves,
        QuarantineActions,
        FaultPoints,
        CopiesDue,
      ]
    ) =>
      new QuarantineMover({
        tier: () => tiers.replaying,
        ...{ replayer, outcomes, ledger, moves, actions, due },
        reach: faults.reach,
      }),
  },
  {
    provide: QuarantineJob,
    inject: [TierRegistry, StreamRegistry, WriterPool, LedgerMoves, QuarantineActions],
    useFactory: (
      tiers: TierRegistry,
      streams: StreamRegistry,
      ...[writers, moves, actions]: [WriterPool, LedgerMoves, QuarantineActions]
    ) => new QuarantineJob({ tier: () => tiers.quarantine, streams, writers, moves, actions }),
  },
];
