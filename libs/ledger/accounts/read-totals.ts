import type { Catalogue, Stored } from '#catalogue';
import {
  addVerdicts,
  ENTRIES,
  latePrefix,
  NO_VERDICTS,
  parsePlaceId,
  TOTALS,
  totalId,
  type LedgerEntry,
  type LedgerTotal,
} from './ledger-entry.js';
import { scanAll } from './scan-all.js';

/** A total before its minutes are in it: what came late for them is known already. */
const NOTHING_YET: LedgerTotal = { ...NO_VERDICTS, received: 0, from: 0, through: 0 };

/**
 * A tenant's totals with what came late for their minutes: one number for each verdict. Versions rise with either part.
 */
export async function readTotals(
  catalogue: Catalogue,
  tenant: string,
): Promise<readonly Stored<LedgerTotal>[]> {
  const folded = await scanAll<LedgerTotal>(catalogue, TOTALS, { prefix: `${tenant}/` });
  const late = await scanAll<LedgerEntry>(catalogue, ENTRIES, { prefix: latePrefix(tenant) });
  const totals = new Map(folded.map((total) => [total.id, total]));
  for (const entry of late) {
    const id = totalId(tenant, parsePlaceId(entry.id));
    totals.set(id, withLate(id, totals.get(id), entry));
  }
  return [...totals.values()];
}

function withLate(
  id: string,
  total: Stored<LedgerTotal> | undefined,
  late: Stored<LedgerEntry>,
): Stored<LedgerTotal> {
  const kept = total?.value ?? NOTHING_YET;
  const { received, from, through } = kept;
  const value = { ...addVerdicts(kept, late.value), received, from, through };
  return { id, version: (total?.version ?? 0) + late.version, value };
}
