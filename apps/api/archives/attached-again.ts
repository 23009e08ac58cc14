import { Inject, Injectable } from '@nestjs/common';
import { AttachedArchives, type ArchivedUnit, type AttachedArchive, type FoundUnit } from '#archived-units';
import { AuditRecord, changedFields } from '#audit';
import type { StreamSpec } from '#plugin-kit';
import { archiveFigures } from './archive-figures.js';
import { ArchiveFinder } from './archive-finder.js';
import { toArchive } from './to-archive.js';

/** Milliseconds until a place is read again where that was of no use: somebody may have deleted files. */
const AGAIN_AFTER_MS = 60_000;

/**
 * Reads attached archives again whose files are gone: whoever has the place merges small files of a day, and deletes them a
 * day later.
 */
@Injectable()
export class AttachedAgain {
  readonly #looked = new Map<string, number>();

  constructor(
    @Inject(ArchiveFinder) private readonly finder: ArchiveFinder,
    @Inject(AttachedArchives) private readonly attached: AttachedArchives,
    @Inject(AuditRecord) private readonly audit: AuditRecord,
  ) {}

  /**
   * Whether the archive is another now, which has all that was attached, and what was merged with it.
   *
   * @throws Problem as {@link ArchiveFinder.find}
   */
  async read({ tenant, name }: Pick<StreamSpec, 'tenant' | 'name'>, now = Date.now()): Promise<boolean> {
    const id = `${tenant}/${name}`;
    if (now < (this.#looked.get(id) ?? 0) + AGAIN_AFTER_MS) return false;
    const known = await this.attached.of(tenant, name);
    if (!known) return false;
    const { units, signedBy, eventType } = await this.finder.find(tenant, known);
    const hasAll = known.archive.units.every((unit) => units.some((found) => isIn(unit, found)));
    const isOther = known.archive.units.some((unit) => !units.some((found) => isThat(unit, found)));
    if (!hasAll || !isOther || eventType?.name !== known.event_type) {
      this.#looked.set(id, now);
      return false;
    }
    const read = { ...known, archive: toArchive(units), signed_by: signedBy };
    await this.attached.put({ tenant, stream: name }, read);
    await this.audit.append({
      ...{ actor: { kind: 'appliance' }, tenant, action: 'archive.attach', object: name, outcome: 'done' },
      changes: changedFields(figuresOf(known), figuresOf(read)),
    });
    return true;
  }
}

function isThat(unit: ArchivedUnit, { sha256 }: FoundUnit): boolean {
  return unit.manifest.sha256 === sha256;
}

/** As it was, or merged with others. */
function isIn(unit: ArchivedUnit, found: FoundUnit): boolean {
  const { replaces = [] } = found.manifest;
  return isThat(unit, found) || replaces.some(({ manifest }) => manifest === unit.manifest.sha256);
}

function figuresOf({ archive, place, stream }: AttachedArchive): Record<string, unknown> {
  return { place, stream, ...archiveFigures(archive.units) };
}
