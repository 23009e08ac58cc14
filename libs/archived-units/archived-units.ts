import type { SealedDays, StreamSpec } from '#plugin-kit';
import type {
  ArchivedStream,
  ArchiveSchema,
  ReplacedUnit,
  TrashedUnit,
  UnitCopy,
  UnitOfDay,
} from './archived-unit.js';
import {
  arrived,
  find,
  missing,
  announcedCopy,
  answers,
  replace,
  sealedWith,
  withCopy,
  without,
} from './archive-changes.js';
import {
  abandonedMerges,
  announcedMerge,
  forgotten,
  mergedUnits,
  recorded,
  takenOver,
  unmerged,
  type UnitMerge,
} from './merge-changes.js';
import { StreamArchives } from './stream-archives.js';
import { locked, purged, purging, trashed, undeleted } from './trash-changes.js';

/**
 * What is in the archive: one document of a stream, `<tenant>/<stream>`, changed by compare-and-set alone. Each step is
 * idempotent: made again after an end that is not known, it changes nothing.
 *
 * @throws ArchivedUnitsError from every step
 */
export class ArchivedUnits extends StreamArchives {
  /**
   * Says which objects are about to be put, one copy of a stream at a time: those of an earlier one that was never finished are
   * discarded. Nobody who deletes what is discarded takes these.
   */
  async announce(of: ArchivedStream, keys: readonly string[]): Promise<void> {
    await this.step(of, (archive) => announcedCopy(archive, keys));
  }

  /**
   * Writes a verified copy down. It takes the place of an earlier copy of the unit, whose objects are discarded, unless
   * questions are answered from that (`archived_unit_answers`).
   */
  async commit(of: ArchivedStream, copy: UnitCopy, schema: ArchiveSchema): Promise<void> {
    await this.step(of, (archive) => withCopy(of, archive, { copy, schema }));
  }

  /** Where late events of a stream go; undefined where none of its days is answered from archives. For its writer. */
  async sealed({ tenant, name }: Pick<StreamSpec, 'tenant' | 'name'>): Promise<SealedDays | undefined> {
    return (await this.of(tenant, name)).sealed;
  }

  /**
   * From now on questions read the unit from its files, and what comes late of its day goes elsewhere: to be called while
   * nothing is written to the stream.
   *
   * @param manifest the key of the copy's manifest that was verified: of another copy it is `archived_unit_missing`
   */
  async answer(
    of: ArchivedStream,
    unit: UnitOfDay & { readonly manifest: string },
    at: string,
  ): Promise<void> {
    await this.step(of, (archive) => {
      const copy = find(archive, unit);
      if (copy?.manifest.key !== unit.manifest) throw missing(of, unit, 'with this manifest');
      if (copy.state !== 'copied') return archive;
      const answering = replace(archive, { ...copy, state: 'answering', answering_since: at });
      return { ...answering, sealed: sealedWith(of, archive.sealed, unit) };
    });
  }

  /**
   * The hot table answers for the unit again: its copy is given up. To be called while nothing is written to the stream.
   *
   * @throws ArchivedUnitsError `archived_unit_missing` where the hot copy is gone
   */
  async retract(of: ArchivedStream, unit: UnitOfDay): Promise<void> {
    await this.step(of, (archive) => {
      const gone = find(archive, unit);
      if (gone?.state === 'evicted') throw missing(of, unit, 'that the hot table has, too');
      return gone ? without(archive, gone) : archive;
    });
  }

  /** The hot copy is gone. */
  async evict(of: ArchivedStream, unit: UnitOfDay, at: string): Promise<void> {
    await this.step(of, (archive) => {
      const answering = find(archive, unit);
      if (!answering || answering.state === 'copied')
        throw missing(of, unit, 'that questions are answered from');
      return answering.state === 'evicted'
        ? archive
        : replace(archive, { ...answering, state: 'evicted', evicted_at: at });
    });
  }

  /** An awaited unit has a verified copy: from now on questions read it from its files; no table has it. */
  async arrive(of: ArchivedStream, unit: UnitOfDay, at: string): Promise<void> {
    await this.step(of, (archive) => arrived(of, archive, { unit, at }));
  }

  /**
   * Gives up the copy of a unit that the hot table answers for; its objects are discarded.
   *
   * @throws ArchivedUnitsError `archived_unit_answers` where questions read it from its files
   */
  async withdraw(of: ArchivedStream, unit: UnitOfDay): Promise<void> {
    await this.step(of, (archive) => {
      const gone = find(archive, unit);
      if (gone && gone.state !== 'copied') throw answers(of, unit);
      return gone ? without(archive, gone) : archive;
    });
  }

  /**
   * Deletes a unit that only the archive has: no question that comes from now on finds it. Its objects stay, for those that
   * are being answered and for {@link undelete}, until {@link purge}.
   *
   * @param deletion when, RFC 3339, and by which plan
   * @throws ArchivedUnitsError `archived_unit_missing` where it is not there, or was deleted by another plan
   */
  async trash(
    of: ArchivedStream,
    unit: UnitOfDay,
    deletion: { readonly at: string; readonly order: string },
  ): Promise<void> {
    await this.step(of, (archive) => trashed(of, archive, { unit, ...deletion }));
  }

  /** Brings units back out of the trash that are wanted and not being purged. Tells which came. */
  async undelete(
    of: ArchivedStream,
    wanted: (unit: TrashedUnit) => boolean,
  ): Promise<readonly TrashedUnit[]> {
    let back: readonly TrashedUnit[] = [];
    await this.step(of, (archive) => {
      back = (archive.trash ?? []).filter((one) => !one.purging && wanted(one));
      return undeleted(archive, back);
    });
    return back;
  }

  /**
   * Says that the objects of units in the trash are about to be deleted: from then on they can't be brought back. Tells which
   * are to go, those of an earlier purge that was broken off, too.
   */
  async purge(of: ArchivedStream, due: (unit: TrashedUnit) => boolean): Promise<readonly TrashedUnit[]> {
    let going: readonly TrashedUnit[] = [];
    await this.step(of, (archive) => {
      going = (archive.trash ?? []).filter((one) => one.purging ?? due(one));
      return purging(archive, going);
    });
    return going;
  }

  /** The objects of units that were to be purged are deleted. */
  async purged(of: ArchivedStream, units: readonly TrashedUnit[]): Promise<void> {
    await this.step(of, (archive) => purged(archive, units));
  }

  /** Says of units that are being purged why their store keeps them; undefined where it doesn't. */
  async lock(of: ArchivedStream, whyOf: (unit: TrashedUnit) => string | undefined): Promise<void> {
    await this.step(of, (archive) => locked(archive, whyOf));
  }

  /**
   * Says which objects are about to be put for a merged unit. Until {@link merge} has them, {@link abandonMerges} gives them up.
   */
  async announceMerge(of: ArchivedStream, keys: readonly string[]): Promise<void> {
    await this.step(of, (archive) => announcedMerge(archive, keys));
  }

  /** What was being put for merged units is discarded: of a process that was killed, or one that was overtaken. */
  async abandonMerges(of: ArchivedStream): Promise<void> {
    await this.step(of, abandonedMerges);
  }

  /**
   * From now on questions read the merged unit; its sources stay for those that began before, until {@link forget}.
   *
   * @throws ArchivedUnitsError `archived_unit_missing` where a source is another by now, or its objects were given up
   */
  async merge(of: ArchivedStream, merge: UnitMerge): Promise<void> {
    await this.step(of, (archive) => mergedUnits(of, archive, merge));
  }

  /** The same of a merged unit that an earlier life of the appliance made: nothing is put for it. */
  async takeOver(of: ArchivedStream, merge: UnitMerge): Promise<void> {
    await this.step(of, (archive) => takenOver(of, archive, merge));
  }

  /**
   * The sources of a merged unit answer again.
   *
   * @param by key of its manifest; one that is gone is left alone
   * @throws ArchivedUnitsError `archived_unit_missing` where they are not all there any more
   */
  async unmerge(of: ArchivedStream, by: string): Promise<void> {
    await this.step(of, (archive) => unmerged(of, archive, by));
  }

  /** The audit record has that these were merged. */
  async recorded(of: ArchivedStream, units: readonly ReplacedUnit[]): Promise<void> {
    await this.step(of, (archive) => recorded(archive, units));
  }

  /** Units that were replaced are not needed any more: their objects are discarded. */
  async forget(of: ArchivedStream, units: readonly ReplacedUnit[]): Promise<void> {
    await this.step(of, (archive) => forgotten(archive, units));
  }

  /** Discarded objects are deleted. */
  async swept(of: ArchivedStream, keys: readonly string[]): Promise<void> {
    await this.step(of, (archive) => ({
      ...archive,
      discarded: archive.discarded.filter((key) => !keys.includes(key)),
    }));
  }
}
