export { carriedAccounts, type RefusedCount } from './accounts/carried-accounts.js';
export { ResidueMeter } from './accounts/residue-meter.js';
export { Ledger, type LedgerReport, type LedgerRow } from './accounts/ledger.js';
export { minuteOf, type LedgerCount } from './accounts/ledger-entry.js';
export { LedgerFolder } from './accounts/ledger-folder.js';
export type { MinuteRange } from './accounts/ledger-line.js';
export { LedgerLines } from './accounts/ledger-lines.js';
export { LedgerWriter } from './accounts/ledger-writer.js';
export { LedgerModule, type LedgerOptions } from './ledger.module.js';
export type { BlockOutcome } from './outcomes/block-outcome.js';
export type { Amendment } from './outcomes/amend-outcome.js';
export { BlockOutcomes } from './outcomes/block-outcomes.js';
export { allRows, countRows, formatRows, rowsOf, type RowRanges } from './outcomes/row-ranges.js';
export {
  QUARANTINE_ACTIONS,
  QuarantineActions,
  type ActionFilter,
  type MovedCounts,
  type QuarantineAction,
  type QuarantineActionKind,
} from './quarantine/quarantine-actions.js';
export { mendFor } from './receipts/mend-for.js';
export type { Receipt, ReceiptPlacement } from './receipts/receipt.js';
export { ReceiptReader, type ReceiptVerdicts, type RefusedRow } from './receipts/receipt-reader.js';
export { ReceiptSigner, type ReceiptBearer } from './receipts/receipt-signer.js';
export { openSecretFile } from './receipts/secret-file.js';
export { LedgerMoves } from './reconciliation/ledger-moves.js';
export { Reconciler, type ReconciliationReport } from './reconciliation/reconciler.js';
