import { isDeepStrictEqual } from 'node:util';
import type { ArchivedUnit, ArchiveSchema, StreamArchive } from '#archived-units';
import type { FoundUnit } from '#archived-units';

/** What questions are answered from, of what was found. */
export function toArchive(found: readonly FoundUnit[]): Pick<StreamArchive, 'schemas' | 'units'> {
  const schemas: ArchiveSchema[] = [];
  const units = found.map((unit) => toUnit(unit, indexOf(schemas, unit)));
  return { schemas, units };
}

function indexOf(schemas: ArchiveSchema[], { manifest }: FoundUnit): number {
  const { columns, sorted_by } = manifest;
  const schema = { columns, sorted_by };
  const known = schemas.findIndex((one) => isDeepStrictEqual(one, schema));
  return known < 0 ? schemas.push(schema) - 1 : known;
}

/** There is no hot copy of it here. */
function toUnit({ manifest, key, sha256 }: FoundUnit, schema: number): ArchivedUnit {
  const { day, generation, through, files, fingerprint, written_at } = manifest;
  const { events, oldest, newest } = fingerprint;
  return {
    ...{ day, generation, events, oldest, newest, sources: [], through, files, schema },
    ...{ manifest: { key, sha256 }, copied_at: written_at, state: 'evicted' },
  };
}
