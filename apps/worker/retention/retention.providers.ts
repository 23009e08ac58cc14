import type { Provider } from '@nestjs/common';
import type { Logger } from 'pino';
import { ArchivedUnits } from '#archived-units';
import { CATALOGUE, type Catalogue } from '#catalogue';
import { LedgerMoves, LedgerWriter } from '#ledger';
import { FaultPoints, LOGGER } from '#observability';
import { CopiesDue, StreamRegistry, TierRegistry, UnitRemovals } from '#storage-tier';
import { WorkerTurn } from '../seat/worker-turn.js';
import { WriterPool } from '../writers/writer-pool.js';
import { RemovalSettler } from './removal-settler.js';
import { UnitRemover } from './unit-remover.js';

/** What removes days that a policy no longer keeps. */
export const RETENTION_PROVIDERS: Provider[] = [
  {
    provide: RemovalSettler,
    inject: [TierRegistry, CATALOGUE, LedgerWriter, LedgerMoves, ArchivedUnits, FaultPoints, CopiesDue],
    useFactory: (
      tiers: TierRegistry,
      catalogue: Catalogue,
      ...[ledger, moves, archived, { reach }, due]: [
        LedgerWriter,
        LedgerMoves,
        ArchivedUnits,
        FaultPoints,
        CopiesDue,
      ]
    ) =>
      new RemovalSettler({
        tier: () => tiers.retaining,
        ...{ catalogue, ledger, moves, archived, due, reach },
        removals: new UnitRemovals(catalogue),
      }),
  },
  {
    provide: UnitRemover,
    inject: [
      ...[TierRegistry, CATALOGUE, RemovalSettler, LedgerMoves],
      ...[WriterPool, StreamRegistry, LOGGER, FaultPoints, { token: WorkerTurn, optional: true }],
    ],
    useFactory: (
      tiers: TierRegistry,
      catalogue: Catalogue,
      ...[settler, moves, writers, streams, logger, { reach }, turn]: [
        RemovalSettler,
        LedgerMoves,
        WriterPool,
        StreamRegistry,
        Logger,
        FaultPoints,
        WorkerTurn?,
      ]
    ) =>
      new UnitRemover({
        tier: () => tiers.retaining,
        ...{ catalogue, settler, moves, writers, streams, logger, reach },
        ...(turn && { turn: turn.come }),
        removals: new UnitRemovals(catalogue),
      }),
  },
];
