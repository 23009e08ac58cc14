import { isDeepStrictEqual } from 'node:util';
import type { Logger } from 'pino';
import type { SigningKey } from '#archive-format';
import { readBack, type ArchiveStorage, type Opening } from '#archive-storage';
import {
  findArchive,
  type ArchivedStream,
  type ArchivedUnit,
  type ArchivedUnits,
  type DamagedObjects,
  type FoundUnit,
  type StreamArchive,
} from '#archived-units';
import { copyOf } from './unit-compactor.js';

export interface UnitHealerParts {
  readonly archived: Pick<ArchivedUnits, 'now' | 'takeOver'>;
  readonly storage: Pick<ArchiveStorage, 'get' | 'list'>;
  readonly encryption: Opening;
  readonly damaged: Pick<DamagedObjects, 'of'>;
  /** Whose merged units are believed. */
  readonly signingKey: () => Promise<SigningKey>;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
}

/**
 * Finds what became of units whose objects are gone since they were merged: an appliance that was restored from an older backup
 * knows the units, and the place of archives has the merged one.
 */
export class UnitHealer {
  readonly #told = new Set<string>();

  constructor(private readonly parts: UnitHealerParts) {}

  /** How many units a merged one took the place of. @throws ArchiveStorageError where the place can't be read */
  async heal(of: ArchivedStream): Promise<number> {
    const gone = (await this.parts.damaged.of(of)).filter(({ what }) => what === 'missing');
    const keys = new Set(gone.map(({ key }) => key));
    const days = new Set(gone.map(({ day }) => day));
    let healed = 0;
    for (const day of days) healed += await this.#healDay(of, day, keys);
    return healed;
  }

  async #healDay(of: ArchivedStream, day: number, gone: ReadonlySet<string>): Promise<number> {
    const { archived, storage, signingKey } = this.parts;
    const archive = await archived.now(of);
    const units = archive.units.filter((unit) => unit.day === day && unit.state === 'evicted');
    if (!units.some((unit) => gone.has(unit.manifest.key))) return 0;
    const { id } = await signingKey();
    const found = await findArchive(storage, { ...of, day }, (keyId) => keyId === id);
    let healed = 0;
    for (const merged of found.units) {
      const sources = units.filter((unit) => isIn(unit, merged));
      if (sources.some((unit) => gone.has(unit.manifest.key)))
        healed += await this.#takeOver(of, { archive, merged, sources });
    }
    return healed;
  }

  async #takeOver(
    of: ArchivedStream,
    {
      archive,
      merged,
      sources,
    }: {
      readonly archive: StreamArchive;
      readonly merged: FoundUnit;
      readonly sources: readonly ArchivedUnit[];
    },
  ): Promise<number> {
    const { archived, encryption, logger, storage } = this.parts;
    const { manifest, key, sha256 } = merged;
    const facts = { ...of, day: manifest.day, manifest: key, units: sources.length };
    const events = sources.reduce((sum, unit) => sum + unit.events, 0);
    if (events !== manifest.fingerprint.events || !areRead(archive, merged, sources)) {
      // What this appliance does not know of may be in its tables, and would be found twice.
      if (!this.#told.has(key))
        logger.warn(
          { ...facts, events, of_merged: manifest.fingerprint.events },
          'objects of the archive are gone since they were merged with events that this appliance does not know: attach the archive to search them',
        );
      this.#told.add(key);
      return 0;
    }
    for (const file of manifest.files) await readBack(storage, file, encryption);
    const copy = copyOf(manifest, { key, sha256 });
    await archived.takeOver(of, { copy, sources, at: new Date().toISOString() });
    logger.info(
      { ...facts, events },
      'a merged unit of the archive took the place of those that it replaces',
    );
    return sources.length;
  }
}

function isIn(unit: ArchivedUnit, { manifest }: FoundUnit): boolean {
  return (manifest.replaces ?? []).some((one) => one.manifest === unit.manifest.sha256);
}

/** Whether the merged file is read as theirs are. */
function areRead(
  { schemas }: StreamArchive,
  { manifest: { columns, sorted_by } }: FoundUnit,
  sources: readonly ArchivedUnit[],
): boolean {
  return sources.every(({ schema }) => isDeepStrictEqual(schemas[schema], { columns, sorted_by }));
}
