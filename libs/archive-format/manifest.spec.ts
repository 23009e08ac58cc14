import { describe, expect, it } from 'vitest';
import { checkManifest } from './manifest.js';
import { makeManifest } from './testing/index.js';
import { partKey, sealedKey } from './unit-paths.js';

const right = makeManifest();
const [file] = right.files;

const encryption = { key_id: '0123456789abcdef', bytes: 7, sha256: '1e'.repeat(32) };
const sealed = sealedKey({ tenant: 'acme', stream: 'web', day: 20_261_103 }, '0f'.repeat(32));
const encrypted = makeManifest({
  ...{ format: 2, files: [{ key: sealed, bytes: 10, sha256: '0f'.repeat(32), events: 3, encryption }] },
});

const replaces = [0, 1].map((generation) => ({ generation, manifest: `${generation}e`.repeat(32) }));
const merged = makeManifest({ format: 3, generation: 1, replaces });

describe('a manifest', () => {
  it('is taken as it is where it agrees with itself', () => {
    const both = { ...merged, files: encrypted.files };
    for (const one of [right, encrypted, merged, both])
      expect(checkManifest(JSON.parse(JSON.stringify(one)))).toEqual(one);
  });

  const other = partKey({ tenant: 'other', stream: 'web', day: 20_261_103 }, '0f'.repeat(32));
  it.each([
    ['no object', null, 'it: '],
    ['a newer format', { ...right, format: 4 }, 'the format 4'],
    ['replaced ones of an old format', { ...merged, format: 1 }, 'replaces'],
    ['the format of replaced ones without any', { ...right, format: 3 }, 'replaces'],
    ['one replaced one', { ...merged, replaces: replaces.slice(1) }, 'replaces'],
    ['a replaced one that is none', { ...merged, replaces: [...replaces, { generation: 2 }] }, 'manifest'],
    ['replaced ones of other generations', { ...merged, generation: 2 }, 'its own generation'],
    ['a format of encrypted files', { ...right, format: 2 }, 'encrypted'],
    ['an encrypted file of an old format', { ...encrypted, format: 1 }, 'encrypted'],
    [
      'an encrypted file that is called plain',
      { ...encrypted, files: [{ ...file, encryption }] },
      'not a file',
    ],
    [
      'a key that is none',
      { ...encrypted, files: [{ ...file, encryption: { ...encryption, key_id: 'x' } }] },
      'key_id',
    ],
    ['an unknown field', { ...right, extra: 1 }, 'extra'],
    ['a missing field', { ...right, columns: undefined }, 'columns'],
    ['a tenant that is a path', { ...right, tenant: '../x' }, 'tenant'],
    ['a stream that is none', { ...right, stream: 'A b' }, 'stream'],
    ['a day that is none', { ...right, day: 20_261_332 }, 'day'],
    ['a negative generation', { ...right, generation: -1 }, 'generation'],
    ['a block that is none', { ...right, through: 'x' }, 'through'],
    ['no columns', { ...right, columns: [] }, 'columns'],
    ['no files', { ...right, files: [] }, 'files'],
    ['another tenant’s file', { ...right, files: [{ ...file, key: other }] }, 'not a file of this unit'],
    ['a file outside', { ...right, files: [{ ...file, key: '../../x.parquet' }] }, 'not a file of this unit'],
    ['a file by another sum', { ...right, files: [{ ...file, sha256: '00'.repeat(32) }] }, 'not a file of'],
    ['other events in files', { ...right, files: [{ ...file, events: 4 }] }, '3 events, 4 in files'],
    [
      'other events by source',
      { ...right, fingerprint: { ...right.fingerprint, sources: [] } },
      '3 in files and 0 by source',
    ],
    ['a sum too large', { ...right, fingerprint: { ...right.fingerprint, sum: `${2n ** 64n}` } }, 'sum'],
    ['a number for a sum', { ...right, fingerprint: { ...right.fingerprint, xor: 1 } }, 'xor'],
    ['a time that is none', { ...right, written_at: 'yesterday' }, 'written_at'],
  ])('is refused with %s', (_what, value, why) => {
    expect(() => checkManifest(value)).toThrow(why);
  });
});
