import { beforeEach, describe, expect, it } from 'vitest';
import { generateKeyPairSync } from 'node:crypto';
import { ArchiveEncryption, MasterKeys, NO_ENCRYPTION } from '#archive-encryption';
import { signManifest } from '#archive-format';
import { keyId, makeManifest } from '#archive-format/testing';
import { ArchiveStorageError, type ReadOptions } from '#archive-storage';
import { ArchivedUnits, type ArchivedFile } from '#archived-units';
import { MemoryCatalogue } from '#catalogue/testing';
import type { BlockId } from '#event-model';
import type { CountedUnit, StreamPart } from '#plugin-kit';
import { STREAM } from '../testing/scene.js';
import { UnitMover, type UnitMoving } from './unit-mover.js';

const PART: StreamPart = { stream: STREAM, day: 20_261_103, generation: 0 };
const OF = { tenant: STREAM.tenant, stream: STREAM.name };
const UNIT = { day: 20_261_103, generation: 0 };
const FILE = { key: 'f.parquet', bytes: 4, sha256: 'ff', events: 3 };

const SIGNER = generateKeyPairSync('ed25519');
const DER = SIGNER.publicKey.export({ type: 'spki', format: 'der' });
const MANIFEST = signManifest(makeManifest(), {
  ...{ id: keyId(DER), publicKey: DER.toString('base64'), privateKey: SIGNER.privateKey },
});
const { sum: SUM, xor } = makeManifest().fingerprint;

let archived: ArchivedUnits;
/** Events of the table, as counted before and while the writer rests. */
let counts: { events: number; identities: string }[];
let sum: string;
let damaged: Set<string>;
/** Why its tier gives nothing back. */
let failure: 'archive_tier_failed' | 'archive_storage_unavailable' | undefined;
let atRest: boolean;
let held: boolean;
let settled: number;
let reached: string[];
let encryption: ArchiveEncryption;
beforeEach(async () => {
  archived = new ArchivedUnits(new MemoryCatalogue());
  [counts, sum, damaged] = [[{ events: 3, identities: 'a' }], SUM, new Set()];
  [atRest, held, settled, reached, failure] = [true, false, 0, [], undefined];
  encryption = NO_ENCRYPTION;
  await commit();
});

async function commit(file: ArchivedFile = FILE): Promise<void> {
  const copy = {
    ...{ ...UNIT, events: 3, oldest: '1', newest: '2', sources: [], through: 'ff', files: [file] },
    ...{ manifest: { key: 'm.json', sha256: 'mm' }, copied_at: '2026-11-05T02:00:00.000Z' },
  };
  await archived.commit(OF, copy, { columns: [], sorted_by: [] });
}

const state = async (): Promise<string | undefined> => (await archived.now(OF)).units[0]?.state;

function mover(): UnitMover {
  const count = (): CountedUnit | undefined => {
    const now = counts.length > 1 ? counts.shift() : counts[0];
    return now && { ...UNIT, ...now, through: 'ff'.repeat(16) as BlockId, lastReceivedAt: 1n };
  };
  return new UnitMover({
    tier: () => ({
      countUnit: async () => count(),
      fingerprintUnit: async () => ({ events: 3, sum, xor, oldest: 1n, newest: 2n, sources: [] }),
    }),
    storage: {
      get: async (key: string, { sha256 }: ReadOptions = {}) => {
        if (failure) throw new ArchiveStorageError(failure, 'It is out.');
        if (damaged.has(key)) throw new ArchiveStorageError('archive_object_damaged', `${key} is damaged.`);
        expect(sha256).toBe(key === 'm.json' ? 'mm' : 'ff');
        return (async function* () {
          yield Buffer.from(key === 'm.json' ? MANIFEST : 'rows');
        })();
      },
    },
    ...{ archived, encryption, settler: { settle: async () => void (settled += 1) } },
    writers: { exclusively: async (_stream, work) => work(), isAtRest: async () => atRest },
    reach: (point) => void reached.push(point),
  });
}

function move(): Promise<UnitMoving> {
  return mover().move({ part: PART, mayGo: async () => !held });
}

describe('a day that was copied', () => {
  it('is answered for by the archive, once, and what comes late goes elsewhere', async () => {
    expect(await move()).toEqual({ outcome: 'moved' });
    expect([await state(), await archived.sealed(STREAM)]).toEqual([
      'answering',
      { through: 20_261_103, generation: 1 },
    ]);
    expect([settled, reached]).toEqual([1, ['archive.before-answer', 'archive.answering']]);
    counts = [{ events: 0, identities: '' }];
    expect(await move()).toEqual({ outcome: 'moved' });
    expect(settled).toBe(1);
  });

  it.each<[string, () => void, string]>([
    ['that got events since', () => (counts = [{ events: 4, identities: 'b' }]), '4 events'],
    ['that is gone', () => (counts = []), 'has 0 events'],
    [
      'that gets some before the writer rests',
      () =>
        (counts = [
          { events: 3, identities: 'a' },
          { events: 4, identities: 'b' },
        ]),
      '4 events',
    ],
    [
      'that has as many others by then',
      () =>
        (counts = [
          { events: 3, identities: 'a' },
          { events: 3, identities: 'b' },
        ]),
      'or others',
    ],
  ])('%s is answered for by the hot table, and is copied again', async (_what, change, detail) => {
    change();
    const moving = await move();
    expect(moving).toMatchObject({ outcome: 'not_moved', why: 'changed' });
    expect(moving).toHaveProperty('detail', expect.stringContaining(detail));
    expect([await state(), await archived.sealed(STREAM)]).toEqual(['copied', undefined]);
  });

  it('whose events are otherwise than when they were archived loses its copy', async () => {
    sum = '6';
    expect(await move()).toMatchObject({ outcome: 'not_moved', why: 'changed' });
    expect(await state()).toBeUndefined();
  });

  it('whose manifest is not what was put there loses its copy', async () => {
    damaged.add('m.json');
    expect(await move()).toMatchObject({ outcome: 'not_moved', why: 'damaged' });
    expect(await state()).toBeUndefined();
  });

  it('that a hold keeps, or whose stream has a batch half stored, stays as it is', async () => {
    held = true;
    expect(await move()).toMatchObject({ outcome: 'not_moved', why: 'held' });
    [held, atRest] = [false, false];
    await expect(move()).rejects.toMatchObject({ code: 'stream_busy', retryable: true });
    expect(await state()).toBe('copied');
  });

  it('stays where its tier fails, which is no damage, and is tried again where it only may not answer now', async () => {
    failure = 'archive_tier_failed';
    expect(await move()).toEqual({ outcome: 'not_moved', why: 'refused', detail: 'It is out.' });
    expect(await state()).toBe('copied');
    failure = 'archive_storage_unavailable';
    await expect(move()).rejects.toMatchObject({ retryable: true });
  });

  it('is not there at all', async () => {
    await archived.withdraw(OF, UNIT);
    expect(await move()).toMatchObject({ outcome: 'not_moved', why: 'changed' });
  });
});

describe('a day whose copy is encrypted with a key that is not set', () => {
  const KEYS = new MasterKeys('0a'.repeat(32));
  const how = { key_id: KEYS.current ?? '', bytes: 3, sha256: 'cc' };
  const refused = {
    why: 'refused',
    detail: expect.stringMatching(`${how.key_id}.*ALLUVIUM_ARCHIVE_KEYS_FILE`),
  };
  beforeEach(async () => {
    await archived.withdraw(OF, UNIT);
    await commit({ ...FILE, encryption: how });
  });

  it('is answered for by the hot table', async () => {
    expect(await move()).toEqual({ outcome: 'not_moved', ...refused });
    expect(await state()).toBe('copied');
  });

  it('keeps its hot copy, and the archive answers on', async () => {
    encryption = new ArchiveEncryption(KEYS, { encrypts: true });
    expect(await move()).toEqual({ outcome: 'moved' });
    encryption = NO_ENCRYPTION;
    expect(await mover().keptBy(PART)).toEqual(refused);
    expect(await state()).toBe('answering');
  });
});

describe('the hot copy of a day that the archive answers for', () => {
  beforeEach(() => move());

  it('may go where all objects are what was put there', async () => {
    expect(await mover().keptBy(PART)).toBeUndefined();
    await archived.evict(OF, UNIT, '2026-11-06T02:00:00.000Z');
    damaged.add('f.parquet');
    expect(await mover().keptBy(PART)).toBeUndefined();
  });

  it('stays where its tier fails, and the archive answers on', async () => {
    failure = 'archive_tier_failed';
    expect(await mover().keptBy(PART)).toEqual({ why: 'refused', detail: 'It is out.' });
    expect(await state()).toBe('answering');
    failure = 'archive_storage_unavailable';
    await expect(mover().keptBy(PART)).rejects.toMatchObject({ retryable: true });
  });

  it.each(['f.parquet', 'm.json'])('answers again where %s is not, and is copied again', async (key) => {
    damaged.add(key);
    expect(await mover().keptBy(PART)).toMatchObject({
      ...{
        why: 'damaged',
        detail: expect.stringContaining(`${key} in the archive is not what was put there`),
      },
    });
    expect(await state()).toBeUndefined();
    await commit();
    expect(await state()).toBe('copied');
    expect(await mover().keptBy(PART)).toMatchObject({ detail: 'The archive does not answer for it.' });
  });
});
