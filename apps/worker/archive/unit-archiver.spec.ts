import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ArchiveEncryption, MasterKeys, NO_ENCRYPTION, TenantKeys } from '#archive-encryption';
import { openSigningKey, readManifest } from '#archive-format';
import { ArchiveStorageError, type ObjectContent, type ReadOptions } from '#archive-storage';
import { ArchivedUnits } from '#archived-units';
import { MemoryCatalogue } from '#catalogue/testing';
import type { BlockId } from '#event-model';
import type { StreamPart, UnitFingerprint } from '#plugin-kit';
import { UnitArchiver } from './unit-archiver.js';
import { UnitCopies } from './unit-copies.js';

const eventType = { name: 'log', title: '', description: '', fields: [], rollUps: [], example: {} };
const STREAM = { tenant: 'acme', name: 'web', eventType: { ...eventType, sortBy: ['service'] } };
const PART: StreamPart = { stream: { ...STREAM, keepRaw: 'always' }, day: 20_261_103, generation: 0 };
const OF = { tenant: 'acme', stream: 'web' };
const COLUMNS = [{ name: 'message', type: 'String' }];

let directory: string;
let catalogue: MemoryCatalogue;
let objects: Map<string, Buffer>;
/** What the table has, and what comes between file and table. */
let table: string;
let ofFile: ((text: string) => string) | undefined;
/** Called at each step that may fail. */
let step: (name: string) => void;
let counted: string[];
let encryption: ArchiveEncryption;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'alluvium-archiver-'));
  [catalogue, objects, counted] = [new MemoryCatalogue(), new Map(), []];
  [table, ofFile, step] = ['one two three', undefined, () => {}];
  encryption = NO_ENCRYPTION;
});
afterEach(() => rm(directory, { recursive: true }));

const storage = {
  put: async (key: string, content: ObjectContent) => {
    step(`put ${key}`);
    const before = objects.get(key);
    const chunks: Uint8Array[] = [];
    for await (const chunk of content.open()) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    if (before && !before.equals(bytes)) throw new ArchiveStorageError('archive_object_exists', 'Another.');
    objects.set(key, bytes);
    step(`was put ${key}`);
    return { added: before === undefined };
  },
  get: async (key: string, { sha256 = '' }: ReadOptions = {}) => {
    step(`get ${key}`);
    const bytes = objects.get(key) ?? Buffer.alloc(0);
    const { createHash } = await import('node:crypto');
    if (createHash('sha256').update(bytes).digest('hex') !== sha256)
      throw new ArchiveStorageError('archive_object_damaged', `${key} is not what was put.`);
    return (async function* () {
      yield bytes;
    })();
  },
  delete: async (key: string) => {
    step(`delete ${key}`);
    objects.delete(key);
  },
};

function fingerprintOf(text: string): UnitFingerprint {
  const words = text.split(' ');
  const events = text === '' ? 0 : words.length;
  const sum = words.reduce((all, word) => all + BigInt(Buffer.from(word).readUInt16BE()), 0n);
  return { events, sum: String(sum), xor: '0', oldest: 1n, newest: 2n, sources: [{ source: 'a', events }] };
}

function archive() {
  const archived = new ArchivedUnits({
    ...{ read: catalogue.read.bind(catalogue), watch: catalogue.watch.bind(catalogue) },
    scan: catalogue.scan.bind(catalogue),
    write: async (changes) => {
      step('write');
      const outcomes = await catalogue.write(changes);
      step('was written');
      return outcomes;
    },
  });
  const copies = new UnitCopies({ storage, archived });
  const archiver = new UnitArchiver({
    tier: () => ({
      name: 'tier-test',
      countUnit: async () =>
        table === ''
          ? undefined
          : {
              ...{ day: PART.day, generation: 0, events: 3, identities: '1', lastReceivedAt: 1n },
              through: '0f'.repeat(16) as BlockId,
            },
      exportUnit: async (_part, path) => {
        await writeFile(path, table, { flag: 'wx' });
        return COLUMNS;
      },
      fingerprintUnit: async () => fingerprintOf(table),
      fingerprintFile: async (path) => fingerprintOf((ofFile ?? String)(await readFile(path, 'utf8'))),
      linesOfFile: async (path, _columns, to) => copyFile(path, to),
      fileOfLines: async (path, _columns, to) => copyFile(path, to),
    }),
    ...{ storage, archived, copies, encryption, version: '1.2.3', logger: { error: () => {} } },
    lock: { until: async () => undefined },
    signingKey: () => openSigningKey(join(directory, 'key.pem')),
    directory: join(directory, 'copies'),
    counted: (outcome) => counted.push(outcome),
    reach: (place) => step(place),
  });
  return { archived, copies, copy: (tier = 'archive') => archiver.copy({ part: PART, tier }) };
}

describe('a day that is copied', () => {
  it('goes as lines into a tier from outside, when they are the same events again', async () => {
    const { archived, copy } = archive();
    expect(await copy('gzip-files')).toEqual({ outcome: 'copied' });
    const [unit] = (await archived.of('acme', 'web')).units;
    const [file] = unit?.files ?? [];
    expect([file?.key, unit?.manifest.key]).toEqual([
      expect.stringMatching(/^tier=gzip-files\/tenant=acme\/.*\.ndjson$/),
      expect.stringMatching(/^tier=gzip-files\/tenant=acme\/.*\.json$/),
    ]);
    expect(file).toMatchObject({ bytes: table.length, read_bytes: table.length });
    const [signed] = readManifest(objects.get(unit?.manifest.key ?? '') ?? '', () => true).manifest.files;
    expect(`tier=gzip-files/${signed?.key}`).toBe(file?.key);
    expect(await readdir(directory)).toEqual(['key.pem']);
  });

  it('stays where lines made of it are other events', async () => {
    const { copy, archived } = archive();
    let asked = 0;
    ofFile = (text) => ((asked += 1) > 1 ? `${text} more` : text);
    expect(await copy('gzip-files')).toMatchObject({ outcome: 'not_copied', why: 'refused' });
    expect([(await archived.of('acme', 'web')).units, objects.size]).toEqual([[], 0]);
  });

  it('is read back, has a manifest that is signed, and is written down', async () => {
    const { archived, copy } = archive();
    expect(await copy()).toEqual({ outcome: 'copied' });
    const { units, schemas } = await archived.of('acme', 'web');
    expect(schemas).toEqual([{ columns: COLUMNS, sorted_by: ['service', 'timestamp', 'block', 'row'] }]);
    expect(units).toMatchObject([{ day: PART.day, state: 'copied', events: 3, files: [{ events: 3 }] }]);
    const [unit] = units;
    const key = await openSigningKey(join(directory, 'key.pem'));
    const text = objects.get(unit?.manifest.key ?? '') ?? '';
    expect(readManifest(text, (id) => id === key.id).manifest).toMatchObject({
      ...{ tenant: 'acme', stream: 'web', files: unit?.files },
      written_by: { alluvium: '1.2.3', engine: 'tier-test' },
    });
    expect(objects.get(unit?.files[0]?.key ?? '')?.toString()).toBe(table);
    expect([await readdir(directory), counted]).toEqual([['key.pem'], ['copied']]);
  });

  it('is copied again where it has others events, and the objects of the copy before go', async () => {
    const { archived, copies, copy } = archive();
    await copy();
    table = 'one two three four';
    await copy();
    const { units, discarded } = await archived.of('acme', 'web');
    expect([units.length, units[0]?.events, discarded, objects.size]).toEqual([1, 4, [], 2]);
    await copies.discard(PART.stream, PART);
    expect([(await archived.now(OF)).units, objects.size]).toEqual([[], 0]);
  });

  it('is not written down where file and table differ, or nothing is there', async () => {
    const { archived, copy } = archive();
    ofFile = (text) => text.replace('two', 'too');
    expect(await copy()).toMatchObject({ outcome: 'not_copied', why: 'changed' });
    table = '';
    expect(await copy()).toMatchObject({ outcome: 'not_copied', why: 'changed' });
    expect([(await archived.now(OF)).units, objects.size, await readdir(directory)]).toEqual([[], 0, []]);
  });

  it.each(['.parquet', '.json'])('is not written down where other bytes are read back of %s', async (end) => {
    const { archived, copy } = archive();
    step = (name) => {
      if (!name.startsWith('get') || !name.endsWith(end)) return;
      for (const key of objects.keys()) if (key.endsWith(end)) objects.set(key, Buffer.from('rot'));
    };
    expect(await copy()).toMatchObject({
      ...{ outcome: 'not_copied', why: 'damaged' },
      detail: expect.stringContaining('day=03'),
    });
    expect([(await archived.now(OF)).units, counted]).toEqual([[], ['damaged']]);
    step = () => {};
    expect(await copy()).toEqual({ outcome: 'copied' });
  });

  it('is left as it is where its place refuses it, and tried again where it is out', async () => {
    const { copy } = archive();
    step = (name) => {
      if (name.startsWith('put')) throw new ArchiveStorageError('archive_storage_refused', 'Set S3_BUCKET.');
    };
    expect(await copy()).toEqual({ outcome: 'not_copied', why: 'refused', detail: 'Set S3_BUCKET.' });
    step = (name) => {
      if (name.startsWith('put')) throw new ArchiveStorageError('archive_storage_unavailable', 'It is out.');
    };
    await expect(copy()).rejects.toMatchObject({ code: 'archive_storage_unavailable', retryable: true });
  });
});

/** With a key of the whole setting, and one of each tenant. */
function encrypting(): ArchiveEncryption {
  const keys = new MasterKeys('0a'.repeat(32));
  return new ArchiveEncryption(keys, { encrypts: true, tenants: new TenantKeys(catalogue, keys) });
}

it('an encrypted day is not written down where it can not be decrypted again', async () => {
  encryption = encrypting();
  const right = encryption.open.bind(encryption);
  encryption.open = (source, expected) => right(source, { ...expected, key: 'elsewhere/x.enc' });
  const { archived, copy } = archive();
  expect(await copy()).toMatchObject({ outcome: 'not_copied', why: 'damaged' });
  expect((await archived.now(OF)).units).toEqual([]);
  encryption.open = right;
  expect(await copy()).toEqual({ outcome: 'copied' });
  const text = objects.get((await archived.now(OF)).units[0]?.manifest.key ?? '') ?? '';
  expect(readManifest(text, () => true).manifest.format).toBe(2);
});

it.each(['plain', 'encrypted'])(
  'whichever step dies, nothing or a whole %s copy is written down, and the next try ends it',
  async (how) => {
    if (how === 'encrypted') encryption = encrypting();
    const { archived, copy } = archive();
    await copy();
    table = 'one two three four';
    for (let dies = 1, isDone = false; !isDone; dies += 1) {
      let n = 0;
      step = () => {
        n += 1;
        if (n === dies) throw new Error('killed');
      };
      isDone = await copy().then(
        () => true,
        () => false,
      );
      step = () => {};
      const [unit] = (await archived.now(OF)).units;
      for (const { key, bytes } of unit?.files ?? []) expect(objects.get(key)?.length).toBe(bytes);
      expect(objects.has(unit?.manifest.key ?? '')).toBe(true);
      await copy();
      const { units, discarded } = await archived.now(OF);
      expect([units[0]?.events, discarded]).toEqual([table.split(' ').length, []]);
      table += ' more';
    }
  },
);
