import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemoryCatalogue } from '#catalogue/testing';
import { ArchiveEncryption, MasterKeys, TenantKeys } from './index.js';

const [OLD, NEW] = ['0a'.repeat(32), '0b'.repeat(32)];
const FOLDER = 'tenant=acme/stream=web/year=2026/month=11/day=03/';
const OTHER_FOLDER = FOLDER.replace('day=03', 'day=04');
/** Of content in a piece, with what stands before and behind it in the file. */
const PIECE = 262_144;
const STORED = 4 + PIECE + 16;

let directory: string;
let catalogue: MemoryCatalogue;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'alluvium-sealed-'));
  catalogue = new MemoryCatalogue();
});
afterEach(() => rm(directory, { recursive: true }));

function encryption(secrets?: string): ArchiveEncryption {
  const keys = new MasterKeys(secrets);
  return new ArchiveEncryption(keys, { encrypts: true, tenants: new TenantKeys(catalogue, keys) });
}

function contentOf(bytes: Buffer) {
  return { bytes: bytes.length, sha256: sumOf(bytes), open: () => inPieces(bytes) };
}

function sumOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Pieces of another size than those of the file. */
async function* inPieces(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 65_537) yield bytes.subarray(at, at + 65_537);
}

async function seal(content: Buffer, { by = encryption(OLD), folder = FOLDER } = {}): Promise<Buffer> {
  const path = join(directory, randomBytes(8).toString('hex'));
  await by.seal(contentOf(content), { tenant: /^tenant=([^/]+)/.exec(folder)?.[1] ?? '', folder, path });
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  return readFile(path);
}

async function open(sealed: Buffer, content: Buffer, { by = encryption(OLD), folder = FOLDER } = {}) {
  const chunks: Uint8Array[] = [];
  const expected = { key: `${folder}part.parquet.enc`, sha256: sumOf(content) };
  for await (const chunk of by.open(inPieces(sealed), expected)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

it.each([0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 3 * PIECE + 7])(
  'a content of %d bytes comes back as it was, and nothing of it shows',
  async (bytes) => {
    const content = randomBytes(bytes);
    const sealed = await seal(content);
    if (bytes > 16) expect(sealed.includes(content.subarray(0, 16))).toBe(false);
    expect((await open(sealed, content)).equals(content)).toBe(true);
  },
);

it('the same content is the same file, of another place or tenant another', async () => {
  const content = Buffer.from('events');
  const first = await seal(content);
  expect((await seal(content)).equals(first)).toBe(true);
  const bodies = [first, await seal(content, { folder: OTHER_FOLDER })];
  bodies.push(await seal(content, { folder: FOLDER.replace('acme', 'other') }));
  expect(new Set(bodies.map((file) => file.subarray(-22).toString('hex'))).size).toBe(3);
});

it('a content that changes while it is encrypted is refused', async () => {
  const content = { ...contentOf(Buffer.from('one')), open: () => inPieces(Buffer.from('two')) };
  const task = { tenant: 'acme', folder: FOLDER, path: join(directory, 'x') };
  await expect(encryption(OLD).seal(content, task)).rejects.toThrow('changed while it was encrypted');
});

describe('an encrypted file', () => {
  const content = randomBytes(3 * PIECE + 7);
  let sealed: Buffer;
  let head: number;
  beforeEach(async () => {
    sealed = await seal(content);
    head = sealed.length - (3 * STORED + 4 + 7 + 16);
  });

  /** The file with the pieces in this order. */
  const ordered = (...order: readonly number[]): Buffer =>
    Buffer.concat([
      sealed.subarray(0, head),
      ...order.map((n) => sealed.subarray(head + n * STORED, head + (n + 1) * STORED)),
    ]);

  it('is whole in its order', async () => {
    expect((await open(ordered(0, 1, 2, 3), content)).equals(content)).toBe(true);
  });

  it.each([
    [
      'with a bit changed in its first piece',
      (file: Buffer) => flip(file, head + 4),
      'archive_sealed_tampered',
    ],
    [
      'with a bit changed in its last tag',
      (file: Buffer) => flip(file, file.length - 1),
      'archive_sealed_tampered',
    ],
    [
      'that says other bytes of itself',
      (file: Buffer) => replace(file, '"bytes":786439', '"bytes":786438'),
      'archive_sealed_tampered',
    ],
    ['with another wrapped key', rewrapped, 'archive_sealed_tampered'],
    ['with pieces swapped', () => ordered(1, 0, 2, 3), 'archive_sealed_misordered'],
    ['with a piece twice', () => ordered(0, 0, 1, 2, 3), 'archive_sealed_misordered'],
    ['with a piece left out', () => ordered(0, 2, 3), 'archive_sealed_misordered'],
    ['without its last piece', () => ordered(0, 1, 2), 'archive_sealed_truncated'],
    ['cut in a piece', (file: Buffer) => file.subarray(0, -1), 'archive_sealed_truncated'],
    ['cut in its header', (file: Buffer) => file.subarray(0, 60), 'archive_sealed_truncated'],
    ['that goes on', (file: Buffer) => Buffer.concat([file, Buffer.from('x')]), 'archive_sealed_truncated'],
    ['of a newer version', (file: Buffer) => flip(file, 7, 2), 'archive_sealed_unknown'],
    [
      'with a header that is none',
      (file: Buffer) => replace(file, '"chunk":', '"chonk":'),
      'archive_sealed_unknown',
    ],
    ['with a header without an end', (file: Buffer) => flip(file, 8, 0xff), 'archive_sealed_unknown'],
    ['that is Parquet', () => Buffer.from('PAR1 and more of it'), 'archive_sealed_unknown'],
    ['that is empty', () => Buffer.alloc(0), 'archive_sealed_unknown'],
  ])('%s is refused for what it is', async (_what, change, code) => {
    await expect(open(change(Buffer.from(sealed)), content)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(`${FOLDER}part.parquet.enc`),
    });
  });

  it('of another unit, or of other events of its own, is refused', async () => {
    const code = 'archive_sealed_of_other';
    await expect(open(sealed, content, { folder: OTHER_FOLDER })).rejects.toMatchObject({ code });
    await expect(open(sealed, Buffer.from('others'))).rejects.toMatchObject({ code });
    const renamed = Buffer.from(sealed.toString('latin1').replace('day=03', 'day=04'), 'latin1');
    await expect(open(renamed, content, { folder: OTHER_FOLDER })).rejects.toMatchObject({
      code: 'archive_sealed_tampered',
    });
  });

  it('needs its key, and says which, and by which setting', async () => {
    const { current = '' } = new MasterKeys(OLD);
    for (const [by, there] of [
      [encryption(NEW), new MasterKeys(NEW).current ?? ''],
      [encryption(), 'none is set'],
    ] as const) {
      const refusal = await open(sealed, content, { by }).catch((error: unknown) => error);
      expect(refusal).toMatchObject({ code: 'archive_key_missing', retryable: false });
      for (const part of [current, there, 'ALLUVIUM_ARCHIVE_KEYS_FILE'])
        expect(String(refusal)).toContain(part);
      expect(String(refusal)).not.toMatch(/0a0a|0b0b/);
    }
  });

  it('opens after a new key came before its own, by which new files are encrypted', async () => {
    const both = encryption(`${NEW}\n${OLD}\n`);
    expect((await open(sealed, content, { by: both })).equals(content)).toBe(true);
    const newer = await seal(content, { by: both });
    expect((await open(newer, content, { by: encryption(NEW) })).equals(content)).toBe(true);
    await expect(open(newer, content)).rejects.toMatchObject({ code: 'archive_key_missing' });
  });
});

it('what is kept of a tenant’s key is of no use without the master key, and made once', async () => {
  const two = [encryption(OLD), encryption(OLD)];
  const files = await Promise.all(two.map((by) => seal(Buffer.from('events'), { by })));
  expect(files[0]?.equals(files[1] as Buffer)).toBe(true);
  const stored = await catalogue.scan('archive-tenant-keys');
  expect(stored.map(({ id, value }) => [id, Object.keys(value as object).toSorted()])).toEqual([
    ['acme', ['id', 'key_id', 'wrapped']],
  ]);
  await catalogue.write([{ collection: 'archive-tenant-keys', id: 'other', value: stored[0]?.value }]);
  await expect(
    encryption(OLD).seal(contentOf(Buffer.from('x')), {
      ...{ tenant: 'other', folder: 'tenant=other/', path: join(directory, 'y') },
    }),
  ).rejects.toMatchObject({ code: 'archive_sealed_tampered' });
});

function flip(file: Buffer, at: number, bits = 1): Buffer {
  file.writeUInt8(file.readUInt8(at) ^ bits, at);
  return file;
}

/** With another base64 digit in the wrapped key. */
function rewrapped(file: Buffer): Buffer {
  const at = file.indexOf('"wrapped":"') + 15;
  file.write(file.toString('latin1', at, at + 1) === 'A' ? 'B' : 'A', at, 'latin1');
  return file;
}

function replace(file: Buffer, from: string, to: string): Buffer {
  return Buffer.from(file.toString('latin1').replace(from, to), 'latin1');
}
