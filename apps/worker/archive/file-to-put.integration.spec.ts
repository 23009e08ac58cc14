import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ArchiveEncryption, MasterKeys, NO_ENCRYPTION, TenantKeys } from '#archive-encryption';
import { contentOfBytes } from '#archive-storage';
import { MemoryCatalogue } from '#catalogue/testing';
import { fileToPut, type FileToPut } from './file-to-put.js';

const PLACE = { tenant: 'acme', stream: 'web', day: 20_261_103 };
const TEXT = 'one two three';

let directory: string;
let encryption: ArchiveEncryption;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'alluvium-put-'));
  const keys = new MasterKeys('0a'.repeat(32));
  const tenants = new TenantKeys(new MemoryCatalogue(), keys);
  encryption = new ArchiveEncryption(keys, { encrypts: true, tenants });
});
afterEach(() => rm(directory, { recursive: true }));

async function make(name: string, { to = 'archive', by = encryption } = {}): Promise<FileToPut> {
  const path = join(directory, name);
  await writeFile(path, TEXT);
  return fileToPut({ path, events: 3 }, { to, place: PLACE, encryption: by });
}

async function bytesOf({ content }: FileToPut): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of content.open()) chunks.push(chunk);
  return Buffer.concat(chunks);
}

it('where archives are encrypted it is no Parquet any more, says what its content is, and shows nothing of it', async () => {
  const made = await make('a');
  const { sha256 } = contentOfBytes(Buffer.from(TEXT));
  expect(made.file).toEqual({
    key: expect.stringMatching(/^tenant=acme\/.*\/part-[0-9a-f]{64}\.parquet\.enc$/),
    ...{ bytes: made.content.bytes, sha256: made.content.sha256, events: 3 },
    encryption: { key_id: encryption.keys.current, bytes: TEXT.length, sha256 },
  });
  expect((await bytesOf(made)).includes('three')).toBe(false);
});

it('made again it is the same object, so that a put that was cut off meets itself', async () => {
  expect((await make('b')).file).toEqual((await make('a')).file);
});

it.each([
  ['into a tier from outside', { to: 'gzip-files' }, 'ndjson'],
  ['where archives are not encrypted', { by: NO_ENCRYPTION }, 'parquet'],
])('%s it goes as it is', async (_where, options, end) => {
  const made = await make('a', options);
  expect(made.file).not.toHaveProperty('encryption');
  expect(made.file.key).toMatch(new RegExp(`\\.${end}$`));
  expect(String(await bytesOf(made))).toBe(TEXT);
});
