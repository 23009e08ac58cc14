import type { ArchivedStream, UnitCopy } from '../archived-unit.js';
import type { ArchivedUnits } from '../archived-units.js';

const AT = '2026-11-01T00:00:00.000Z';

/** A copy of a day with two events, at its noon and a second later, in a file and a manifest that are named by the day. */
export function copyOf(day: number): UnitCopy {
  const text = String(day);
  const noon = Date.parse(`${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}T12:00:00Z`);
  return {
    ...{ day, generation: 0, events: 2, sources: [{ source: 'a', events: 2 }], through: 'f'.repeat(32) },
    ...{ oldest: `${noon}000000`, newest: `${noon + 1_000}000000`, copied_at: AT },
    manifest: { key: `${day}.json`, sha256: 'aa' },
    files: [{ key: `${day}.parquet`, bytes: 9, sha256: 'bb', events: 2 }],
  };
}

/** Days that only the archive has, and of which it says no more than that. */
export async function evictDays(
  archived: ArchivedUnits,
  of: ArchivedStream,
  days: readonly number[],
): Promise<void> {
  for (const day of days) {
    const copy = copyOf(day);
    await archived.commit(of, copy, { columns: [], sorted_by: [] });
    await archived.answer(of, { ...copy, manifest: copy.manifest.key }, AT);
    await archived.evict(of, copy, AT);
  }
}
export * from './archive-scene.js';
