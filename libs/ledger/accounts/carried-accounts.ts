import type { ReceivedCount } from '#event-bus';
import {
  FOLDS,
  NO_VERDICTS,
  SUMS,
  sumId,
  TOTALS,
  totalId,
  type LedgerEntry,
  type LedgerFold,
  type LedgerTotal,
} from './ledger-entry.js';

/** Refused events of a source and minute of acceptance. */
export type RefusedCount = ReceivedCount;

/** Of no batch: batches have ids of their own. */
const CARRIED = 'carried';

/** Documents of the ledger, by collection and id. */
export type CarriedAccounts = Readonly<Record<string, ReadonlyMap<string, unknown>>>;

/**
 * The ledger of an appliance that begins with refused events which another one took: their log is not there, so that what was
 * received of them is in totals, as of minutes that are no longer kept one by one. Nothing may be received in these minutes.
 */
export function carriedAccounts(counts: readonly RefusedCount[]): CarriedAccounts {
  const totals = new Map<string, LedgerTotal>();
  const sums = new Map<string, LedgerEntry>();
  const folds = new Map<string, LedgerFold>();
  for (const count of counts) {
    const { tenant, stream, events, minute } = count;
    const total = totals.get(totalId(tenant, count)) ?? emptyTotal(minute);
    totals.set(totalId(tenant, count), {
      ...total,
      ...{ quarantined: total.quarantined + events, received: total.received + events },
      ...{ from: Math.min(total.from, minute), through: Math.max(total.through, minute) },
    });
    const quarantined = (sums.get(sumId(tenant, stream))?.quarantined ?? 0) + events;
    sums.set(sumId(tenant, stream), { ...NO_VERDICTS, quarantined, batch: CARRIED });
    folds.set(tenant, { through: Math.max(folds.get(tenant)?.through ?? 0, minute) });
  }
  return { [TOTALS]: totals, [SUMS]: sums, [FOLDS]: folds };
}

function emptyTotal(minute: number): LedgerTotal {
  return { ...NO_VERDICTS, received: 0, from: minute, through: minute };
}
