import { readManifest } from '#archive-format';
import { OWN_PLACE, type ArchiveStorage, type AttachablePlaces } from '#archive-storage';
import {
  isSameUnit,
  type ArchivedUnit,
  type ArchivedUnits,
  type AttachedArchives,
  type RestoredStream,
} from '#archived-units';

export interface ArchiveNowParts {
  readonly archived: Pick<ArchivedUnits, 'now'>;
  readonly attached: Pick<AttachedArchives, 'of'>;
  readonly places: Pick<AttachablePlaces, 'get'>;
}

/** Tells where events are by now that a restore was to bring: days are merged while it waits, and their files deleted a day later. */
export class ArchiveNow {
  constructor(private readonly parts: ArchiveNowParts) {}

  /**
   * The units that have all of a restore's events now, and what came late of their days; undefined where nothing of it was
   * merged, or where some of it is in no unit any more.
   *
   * @throws ArchiveStorageError where a manifest can't be read
   */
  async of(restored: RestoredStream): Promise<RestoredStream['archive'] | undefined> {
    const archive = await this.#read(restored);
    if (!archive) return undefined;
    const gone = restored.archive.units.filter((unit) => !archive.units.some((one) => isThat(unit, one)));
    if (gone.length === 0) return undefined;
    const taken = new Map<ArchivedUnit, ArchivedUnit>();
    for (const unit of archive.units.filter(({ day }) => gone.some((one) => one.day === day))) {
      const replaced = await this.#replacedBy(restored, unit);
      for (const one of gone) if (replaced.has(one.manifest.sha256)) taken.set(one, unit);
    }
    if (gone.some((one) => !taken.has(one))) return undefined;
    const merged = new Set(taken.values());
    const isWanted = (unit: ArchivedUnit): boolean =>
      merged.has(unit) || restored.archive.units.some((one) => isThat(one, unit));
    return { schemas: archive.schemas, units: archive.units.filter(isWanted) };
  }

  async #read({ tenant, original, place }: RestoredStream): Promise<RestoredStream['archive'] | undefined> {
    if (place === OWN_PLACE) return this.parts.archived.now({ tenant, stream: original });
    return (await this.parts.attached.of(tenant, original))?.archive;
  }

  /** Sums of the manifests that a unit stands for. */
  async #replacedBy({ place }: RestoredStream, { manifest }: ArchivedUnit): Promise<ReadonlySet<string>> {
    const storage: Pick<ArchiveStorage, 'get'> | undefined = this.parts.places.get(place)?.storage;
    if (!storage) return new Set();
    const chunks: Uint8Array[] = [];
    for await (const chunk of await storage.get(manifest.key, { sha256: manifest.sha256 }))
      chunks.push(chunk);
    // The catalogue has its sum: whoever signed it was trusted then.
    const { replaces = [] } = readManifest(Buffer.concat(chunks), () => true).manifest;
    return new Set(replaces.map((one) => one.manifest));
  }
}

function isThat(unit: ArchivedUnit, other: ArchivedUnit): boolean {
  return isSameUnit(unit, other) && unit.manifest.sha256 === other.manifest.sha256;
}
