import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ArchiveEncryption, NO_ENCRYPTION } from '#archive-encryption';
import { manifestKey, partKey, signManifest, type Manifest } from '#archive-format';
import { contentOfBytes, type ArchiveStorage } from '#archive-storage';
import { MemoryStorage } from '#archive-storage/testing';
import { ArchivedUnits, DamagedObjects, mergeableUnits } from '#archived-units';
import { makeSigningKey } from '#archived-units/testing';
import { MemoryCatalogue } from '#catalogue/testing';
import type { UnitFingerprint } from '#plugin-kit';
import { copyOf, UnitCompactor, type UnitMerging } from '../archive/unit-compactor.js';
import { UnitCopies } from '../archive/unit-copies.js';

export const OF = { tenant: 'acme', stream: 'web' };
export const DAY = 20_261_103;
const AT = '2026-11-05T02:00:00.000Z';
const SCHEMA = { columns: [{ name: 'word', type: 'String' }], sorted_by: ['word'] };

/** An archive in memory whose files are words, each an event, with what merges them over an engine of words. */
export class MergeScene {
  readonly objects = new Map<string, Buffer>();
  readonly storage: ArchiveStorage = new MemoryStorage(this.objects);
  readonly catalogue = new MemoryCatalogue();
  readonly archived = new ArchivedUnits(this.catalogue);
  readonly damaged = new DamagedObjects(this.catalogue);
  readonly copies = new UnitCopies({ storage: this.storage, archived: this.archived });
  readonly key = makeSigningKey();
  encryption: ArchiveEncryption = NO_ENCRYPTION;
  /** What the engine makes of merged words. */
  made: (words: string) => string = String;
  mayGo = true;
  /** Until when merged objects are to be locked. */
  lockedUntil: Date | undefined;
  /** Called where a process may be killed. */
  step: (point: string) => void = () => {};

  constructor(readonly directory: string) {}

  /** Puts words as a unit that only the archive has. */
  async put(generation: number, words: string): Promise<void> {
    const place = { ...OF, day: DAY, generation };
    const content = contentOfBytes(Buffer.from(words));
    const { sha256, bytes } = content;
    const { events, sum, xor, sources } = fingerprintOf(words);
    const file = { key: partKey(place, sha256), bytes, sha256, events };
    const manifest: Manifest = {
      ...{ format: 1, ...place, through: `${generation}`.padStart(32, '0'), ...SCHEMA, files: [file] },
      event_type: { name: 'log', version: 1 + generation },
      fingerprint: { events, sum, xor, oldest: '1', newest: '2', sources: [...sources] },
      ...{ written_by: { alluvium: '1', engine: 'e' }, written_at: AT },
    };
    await this.storage.put(file.key, content);
    const signed = contentOfBytes(Buffer.from(signManifest(manifest, this.key)));
    const object = { key: manifestKey(place, signed.sha256), sha256: signed.sha256 };
    await this.storage.put(object.key, signed);
    await this.archived.commit(OF, copyOf(manifest, object), SCHEMA);
    await this.archived.answer(OF, { ...place, manifest: object.key }, AT);
    await this.archived.evict(OF, place, AT);
  }

  async merge(): Promise<UnitMerging | undefined> {
    const archive = await this.archived.now(OF);
    const [group] = mergeableUnits(archive, { files: 2, fileBytes: 1_000 });
    const mayGo = async (): Promise<boolean> => this.mayGo;
    return group && this.#compactor().merge({ of: OF, ...group, schema: SCHEMA, mayGo });
  }

  /** Words of all units, sorted. */
  async words(): Promise<string> {
    const { units } = await this.archived.now(OF);
    const files = units.flatMap((unit) => unit.files);
    return sorted(files.map(({ key }) => String(this.objects.get(key) ?? '?')).join(' '));
  }

  #compactor(): UnitCompactor {
    return new UnitCompactor({
      tier: () => ({
        name: 'words',
        mergeFiles: async (paths, _order, target) => {
          const texts = await Promise.all(paths.map((path) => readFile(path, 'utf8')));
          await writeFile(target, this.made(sorted(texts.join(' '))), { flag: 'wx' });
        },
        fingerprintFile: async (path) => fingerprintOf(await readFile(path, 'utf8')),
      }),
      ...{ storage: this.storage, archived: this.archived, copies: this.copies, encryption: this.encryption },
      version: '1.2.3',
      lock: { until: async () => this.lockedUntil },
      ...{ signingKey: async () => this.key, directory: join(this.directory, 'merges') },
      reach: (point) => this.step(point),
    });
  }
}

function sorted(words: string): string {
  return words.split(' ').toSorted().join(' ');
}

function fingerprintOf(text: string): UnitFingerprint {
  const hashes = text.split(' ').map((word) => createHash('sha256').update(word).digest().readBigUInt64BE());
  const events = hashes.length;
  return {
    events,
    sum: String(hashes.reduce((all, hash) => BigInt.asUintN(64, all + hash), 0n)),
    xor: String(hashes.reduce((all, hash) => all ^ hash, 0n)),
    ...{ oldest: 1n, newest: 2n, sources: [{ source: 'a', events }] },
  };
}
