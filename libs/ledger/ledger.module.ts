import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { CATALOGUE, type Catalogue } from '#catalogue';
import { EVENT_BUS, type InspectableEventBus } from '#event-bus';
import { LedgerFolder } from './accounts/ledger-folder.js';
import { LedgerLines } from './accounts/ledger-lines.js';
import { LedgerWriter } from './accounts/ledger-writer.js';
import { Ledger } from './accounts/ledger.js';
import { ResidueMeter } from './accounts/residue-meter.js';
import { BlockOutcomes } from './outcomes/block-outcomes.js';
import { ReceiptReader } from './receipts/receipt-reader.js';
import { ReceiptSigner } from './receipts/receipt-signer.js';
import { openSecretFile } from './receipts/secret-file.js';
import { QuarantineActions } from './quarantine/quarantine-actions.js';
import { LedgerMoves } from './reconciliation/ledger-moves.js';
import { Reconciler } from './reconciliation/reconciler.js';

export interface LedgerOptions {
  /** File in the data directory that receipts are signed with; made, readable by its owner only, where it is missing. */
  readonly secretFile: string;
}

const PROVIDED = [
  BlockOutcomes,
  Ledger,
  LedgerFolder,
  LedgerLines,
  LedgerMoves,
  LedgerWriter,
  QuarantineActions,
  ReceiptReader,
  ReceiptSigner,
  Reconciler,
  ResidueMeter,
];

/** Gives receipts and the ledger to every module; needs the modules of the catalogue and the event bus. */
@Module({})
export class LedgerModule {
  static register(options: LedgerOptions): DynamicModule {
    const signer: Provider = {
      provide: ReceiptSigner,
      // Where there are several processes, its opening brings the file.
      inject: [CATALOGUE],
      useFactory: async () => new ReceiptSigner(await openSecretFile(options.secretFile)),
    };
    const providers = [signer, ...receiptProviders(), ...accountProviders(), ...schedulerProviders()];
    return { module: LedgerModule, global: true, providers, exports: PROVIDED };
  }
}

function receiptProviders(): Provider[] {
  return [
    {
      provide: BlockOutcomes,
      inject: [CATALOGUE],
      useFactory: (catalogue: Catalogue) => new BlockOutcomes(catalogue),
    },
    {
      provide: ReceiptReader,
      inject: [EVENT_BUS, BlockOutcomes],
      useFactory: (bus: InspectableEventBus, outcomes: BlockOutcomes) => new ReceiptReader(bus, outcomes),
    },
  ];
}

function accountProviders(): Provider[] {
  return [
    {
      provide: LedgerWriter,
      inject: [CATALOGUE],
      useFactory: (catalogue: Catalogue) => new LedgerWriter(catalogue),
    },
    {
      provide: LedgerMoves,
      inject: [CATALOGUE],
      useFactory: (catalogue: Catalogue) => new LedgerMoves(catalogue),
    },
    {
      provide: QuarantineActions,
      inject: [CATALOGUE],
      useFactory: (catalogue: Catalogue) => new QuarantineActions(catalogue),
    },
    {
      provide: LedgerLines,
      inject: [CATALOGUE, EVENT_BUS],
      useFactory: (catalogue: Catalogue, bus: InspectableEventBus) => new LedgerLines(catalogue, bus),
    },
    { provide: Ledger, inject: [LedgerLines], useFactory: (lines: LedgerLines) => new Ledger(lines) },
  ];
}

function schedulerProviders(): Provider[] {
  return [
    {
      provide: LedgerFolder,
      inject: [CATALOGUE, EVENT_BUS],
      useFactory: (catalogue: Catalogue, bus: InspectableEventBus) => new LedgerFolder(catalogue, bus),
    },
    {
      provide: Reconciler,
      inject: [CATALOGUE, EVENT_BUS],
      useFactory: (catalogue: Catalogue, bus: InspectableEventBus) => new Reconciler(catalogue, bus),
    },
    {
      provide: ResidueMeter,
      inject: [LedgerLines, EVENT_BUS],
      useFactory: (lines: LedgerLines, bus: InspectableEventBus) => new ResidueMeter(lines, bus),
    },
  ];
}
