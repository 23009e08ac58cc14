import { isDeepStrictEqual } from 'node:util';
import type { SealedDays } from '#plugin-kit';
import type {
  ArchivedStream,
  ArchivedUnit,
  ArchiveSchema,
  StreamArchive,
  UnitCopy,
  UnitOfDay,
} from './archived-unit.js';
import { ArchivedUnitsError } from './archived-units.errors.js';

/** What the tables' generations go up to. */
const MAX_GENERATION = 65_535;

export function withCopy(
  of: ArchivedStream,
  archive: StreamArchive,
  { copy, schema }: { readonly copy: UnitCopy; readonly schema: ArchiveSchema },
): StreamArchive {
  const before = find(archive, copy);
  if (before?.manifest.key === copy.manifest.key) return archive;
  if (before && before.state !== 'copied') throw answers(of, copy);
  const known = archive.schemas.findIndex((one) => isDeepStrictEqual(one, schema));
  const schemas = known < 0 ? [...archive.schemas, schema] : archive.schemas;
  const unit: ArchivedUnit = { ...copy, state: 'copied', schema: known < 0 ? schemas.length - 1 : known };
  const units = [...archive.units.filter((one) => one !== before), unit].toSorted(byPlace);
  const { copying = [], ...settled } = archive;
  const left = copying.filter((key) => !objectsOf(copy).includes(key));
  const others = left.length > 0 ? { ...settled, copying: left } : settled;
  return withoutUnused({ ...others, schemas }, { units, gone: before });
}

/** Of whatever was being put before, nothing came: copies of a stream are made one after the other. */
export function announcedCopy(archive: StreamArchive, keys: readonly string[]): StreamArchive {
  const { copying = [], ...others } = archive;
  const given = discarding(others, copying);
  return { ...given, discarded: given.discarded.filter((key) => !keys.includes(key)), copying: keys };
}

/** Of a day that was sealed before, what came late is sealed too: what comes from now on goes to a generation of its own. */
export function sealedWith(
  of: ArchivedStream,
  sealed: SealedDays = { through: 0, generation: 0 },
  { day, generation }: UnitOfDay,
): SealedDays {
  const next = Math.max(sealed.generation, generation + 1);
  if (next > MAX_GENERATION)
    throw new ArchivedUnitsError(
      'archived_generations_full',
      `Late events of ${idOf(of)} came into the archive ${MAX_GENERATION} times: no more can stand beside them.`,
    );
  return { through: Math.max(sealed.through, day), generation: next };
}

/** The archive alone has it, and it is awaited no longer. */
export function arrived(
  of: ArchivedStream,
  archive: StreamArchive,
  { unit, at }: { readonly unit: UnitOfDay; readonly at: string },
): StreamArchive {
  const copy = find(archive, unit);
  if (!copy) throw missing(of, unit, 'that could answer for it');
  const { awaited = [], ...others } = archive;
  const left = awaited.filter((one) => !isSameUnit(one, unit));
  const known = left.length > 0 ? { ...others, awaited: left } : others;
  if (copy.state !== 'copied') return known;
  return replace(known, { ...copy, state: 'evicted', answering_since: at, evicted_at: at });
}

export function without(archive: StreamArchive, gone: ArchivedUnit): StreamArchive {
  return withoutUnused(archive, { units: archive.units.filter((one) => one !== gone), gone });
}

/** With other units; the objects of the one that is gone are discarded where no other has them. */
function withoutUnused(
  archive: StreamArchive,
  { units, gone }: { readonly units: readonly ArchivedUnit[]; readonly gone: ArchivedUnit | undefined },
): StreamArchive {
  return discarding({ ...archive, units }, gone ? objectsOf(gone) : []);
}

/** With more objects that are to be deleted, unless a unit has them. */
export function discarding(archive: StreamArchive, keys: readonly string[]): StreamArchive {
  const { units, trash = [], replaced = [], copying = [], merging = [] } = archive;
  const used = new Set([...[...units, ...trash, ...replaced].flatMap(objectsOf), ...copying, ...merging]);
  const discarded = new Set([...archive.discarded, ...keys]);
  return { ...archive, discarded: [...discarded].filter((key) => !used.has(key)) };
}

export function objectsOf({ manifest, files }: Pick<UnitCopy, 'manifest' | 'files'>): readonly string[] {
  return [...files.map(({ key }) => key), manifest.key];
}

export function replace(archive: StreamArchive, unit: ArchivedUnit): StreamArchive {
  const units = archive.units.map((one) => (isSameUnit(one, unit) ? unit : one));
  return { ...archive, units };
}

export function find({ units }: StreamArchive, unit: UnitOfDay): ArchivedUnit | undefined {
  return units.find((one) => isSameUnit(one, unit));
}

export function byPlace(a: UnitOfDay, b: UnitOfDay): number {
  return a.day - b.day || a.generation - b.generation;
}

/** Whether both are the same day, of the same generation. */
export function isSameUnit(a: UnitOfDay, b: UnitOfDay): boolean {
  return a.day === b.day && a.generation === b.generation;
}

export function answers(of: ArchivedStream, unit: UnitOfDay): ArchivedUnitsError {
  return new ArchivedUnitsError(
    'archived_unit_answers',
    `${nameOf(of, unit)} is answered from its archive, which nothing else may take the place of.`,
  );
}

export function missing(of: ArchivedStream, unit: UnitOfDay, what: string): ArchivedUnitsError {
  return new ArchivedUnitsError(
    'archived_unit_missing',
    `The archive has no copy of ${nameOf(of, unit)} ${what}.`,
  );
}

function nameOf(of: ArchivedStream, { day, generation }: UnitOfDay): string {
  return `${idOf(of)}/${day}-${generation}`;
}

export function idOf({ tenant, stream }: ArchivedStream): string {
  return `${tenant}/${stream}`;
}
