import type { Logger } from 'pino';
import type { EncryptedAs, MasterKeys } from '#archive-encryption';
import { tierOfKey } from '#archive-format';
import { ArchiveStorageError, type ArchiveStorage } from '#archive-storage';
import {
  isSameUnit,
  type ArchivedStream,
  type ArchivedUnit,
  type ArchivedUnits,
  type DamagedObject,
  type DamagedObjects,
} from '#archived-units';
import type { Catalogue } from '#catalogue';
import type { StreamRegistry } from '#storage-tier';
import type { DamageGauge } from './damage-gauge.js';

const POSITION = 'archive-scrub';
/** Objects of one page of a listing. */
const PAGE = 1_000;
/** How long a copy that was given up is told of, where the day gets no other: milliseconds. */
const TOLD_MS = 30 * 86_400_000;

export interface ArchiveScrubParts {
  readonly storage: Pick<ArchiveStorage, 'get' | 'list'>;
  readonly archived: Pick<ArchivedUnits, 'now' | 'withdraw'>;
  readonly keys: Pick<MasterKeys, 'has'>;
  readonly damaged: DamagedObjects;
  readonly streams: Pick<StreamRegistry, 'list'>;
  readonly catalogue: Pick<Catalogue, 'read' | 'write'>;
  readonly gauge: Pick<DamageGauge, 'set'>;
  /** Bytes that one run reads back at most, but one object at least. */
  readonly bytesAtOnce: () => number;
  readonly logger: Pick<Logger, 'error' | 'info'>;
}

/** An object that a unit has. */
interface Wanted {
  readonly of: ArchivedStream;
  readonly unit: ArchivedUnit;
  readonly key: string;
  readonly sha256: string;
  /** Undefined of a manifest. */
  readonly bytes?: number;
  readonly encryption?: EncryptedAs | undefined;
}

type Damage = DamagedObject['what'];

/**
 * Looks whether the archive has what was put there: every object by its being there and its size each time, and its content in
 * turn, so many bytes a run. A copy of a day that is in the search tier too is given up, so that the next run of retention
 * makes another; of a day that only the archive has, nobody but its keeper can mend anything. Both are named, and so is what is
 * encrypted with a key that is not set: it is whole, and nobody can read it.
 */
export class ArchiveScrubJob {
  constructor(private readonly parts: ArchiveScrubParts) {}

  /** @throws ArchiveStorageError where the place of archives can't be reached */
  async run(signal: AbortSignal): Promise<void> {
    const streams = (await this.parts.streams.list()).map(({ tenant, name }) => ({ tenant, stream: name }));
    const all: Wanted[] = [];
    for (const of of streams) all.push(...objectsOf(of, (await this.parts.archived.now(of)).units));
    const found = await this.#readBack(all, signal);
    if (signal.aborted) return;
    for (const of of streams) await this.#judge(of, found, signal);
    await this.parts.gauge.set(streams, this.parts.damaged);
  }

  /** Reads contents in turn, from where the last run ended. */
  async #readBack(
    all: readonly Wanted[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, Damage | 'whole'>> {
    const found = new Map<string, Damage | 'whole'>();
    const stored = await this.parts.catalogue.read<{ readonly after: string }>(POSITION, 'all');
    const sorted = all.toSorted((a, b) => (a.key < b.key ? -1 : 1));
    const next = sorted.findIndex(({ key }) => key > (stored?.value.after ?? ''));
    const turn = next <= 0 ? sorted : [...sorted.slice(next), ...sorted.slice(0, next)];
    let left = this.parts.bytesAtOnce();
    let after: string | undefined;
    for (const object of turn) {
      if (signal.aborted || left <= 0) break;
      const what = await this.#contentOf(object);
      if (what !== undefined) found.set(object.key, what);
      left -= object.bytes ?? 0;
      after = object.key;
    }
    if (after !== undefined)
      await this.parts.catalogue.write([{ collection: POSITION, id: 'all', value: { after } }]);
    return found;
  }

  /** How its content is; undefined where its tier does not say. */
  async #contentOf({ key, sha256 }: Wanted): Promise<Damage | 'whole' | undefined> {
    try {
      for await (const _chunk of await this.parts.storage.get(key, { sha256 }));
      return 'whole';
    } catch (error) {
      const code = error instanceof ArchiveStorageError ? error.code : undefined;
      if (code === 'archive_object_missing') return 'missing';
      if (code === 'archive_object_damaged') return 'changed';
      // A tier that is out says nothing of its units, and keeps nobody from looking at the others; it is in the log.
      if (code === 'archive_tier_failed') return undefined;
      throw error;
    }
  }

  /** Units that came or went meanwhile are looked at as they are now. */
  async #judge(
    of: ArchivedStream,
    found: ReadonlyMap<string, Damage | 'whole'>,
    signal: AbortSignal,
  ): Promise<void> {
    const wanted = objectsOf(of, (await this.parts.archived.now(of)).units);
    const known = await this.parts.damaged.of(of);
    if (wanted.length + known.length === 0) return;
    const sizes = await this.#sizesOf(of);
    const before = new Map(known.map((one) => [one.key, one]));
    const damaged: DamagedObject[] = [];
    for (const object of wanted) {
      if (signal.aborted) return;
      const seen = found.get(object.key) ?? sizeDamage(object, sizes) ?? lastContent(before.get(object.key));
      const what = seen === undefined || seen === 'whole' ? this.#locked(object) : seen;
      if (what === undefined || !(await this.#isStillThere(object))) continue;
      damaged.push(await this.#tell(object, what, before.get(object.key)?.since));
    }
    const waiting = known.filter((one) => isTold(one) && isWithout(one, wanted));
    await this.parts.damaged.keep(of, [...damaged, ...waiting].toSorted(byPlace));
  }

  #locked({ encryption }: Wanted): Damage | undefined {
    return encryption && !this.parts.keys.has(encryption.key_id) ? 'locked' : undefined;
  }

  /** Every object of the stream by its size. */
  async #sizesOf({ tenant, stream }: ArchivedStream): Promise<ReadonlyMap<string, number>> {
    const sizes = new Map<string, number>();
    const prefix = `tenant=${tenant}/stream=${stream}/`;
    for (let after: string | undefined; ;) {
      const page = await this.parts.storage.list(prefix, {
        limit: PAGE,
        ...(after !== undefined && { after }),
      });
      for (const { key, bytes } of page) sizes.set(key, bytes);
      after = page.at(-1)?.key;
      if (after === undefined || page.length < PAGE) return sizes;
    }
  }

  /** Whether the unit still has the object: copies are made and given up at any time. */
  async #isStillThere({ of, unit }: Wanted): Promise<boolean> {
    const { units } = await this.parts.archived.now(of);
    return units.some((one) => isSameUnit(one, unit) && one.manifest.key === unit.manifest.key);
  }

  async #tell({ of, unit, key }: Wanted, what: Damage, since?: string): Promise<DamagedObject> {
    const { day, generation, state } = unit;
    if (since === undefined)
      this.parts.logger.error(
        { unit: `${of.tenant}/${of.stream}/${day}-${generation}`, state, key, what },
        what === 'locked'
          ? 'an object of the archive is encrypted with a key that is not set'
          : 'an object of the archive is not what was put there',
      );
    if (state === 'copied' && what !== 'locked') await this.parts.archived.withdraw(of, { day, generation });
    return { day, generation, key, what, since: since ?? new Date().toISOString() };
  }
}

function objectsOf(of: ArchivedStream, units: readonly ArchivedUnit[]): readonly Wanted[] {
  return units.flatMap((unit) => [
    ...unit.files.map(({ key, sha256, bytes, encryption }) => ({ of, unit, key, sha256, bytes, encryption })),
    { of, unit, ...unit.manifest },
  ]);
}

/** Of what tiers from outside keep nothing is listed: it is told by its content alone. */
function sizeDamage({ key, bytes }: Wanted, sizes: ReadonlyMap<string, number>): Damage | undefined {
  if (tierOfKey(key) !== undefined) return undefined;
  const size = sizes.get(key);
  if (size === undefined) return 'missing';
  return bytes !== undefined && size !== bytes ? 'changed' : undefined;
}

/** What was read last of an object that it isn't the turn of; that one of the archive is missing is seen each time. */
function lastContent(before: DamagedObject | undefined): Damage | undefined {
  const isOfTier = before !== undefined && tierOfKey(before.key) !== undefined;
  return before?.what === 'changed' || isOfTier ? before?.what : undefined;
}

function isTold({ since }: DamagedObject): boolean {
  return Date.now() - Date.parse(since) < TOLD_MS;
}

/** A damaged copy that was given up is told until the day has another. */
function isWithout(one: DamagedObject, wanted: readonly Wanted[]): boolean {
  return !wanted.some(({ unit }) => isSameUnit(unit, one));
}

function byPlace(a: DamagedObject, b: DamagedObject): number {
  return a.day - b.day || a.generation - b.generation || (a.key < b.key ? -1 : 1);
}
