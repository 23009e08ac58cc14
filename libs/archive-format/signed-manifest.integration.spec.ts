import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSigningKey, readManifest, signManifest, type SigningKey } from './index.js';
import { makeManifest } from './testing/index.js';

let folder: string;
let key: SigningKey;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alluvium-signing-'));
  key = await openSigningKey(join(folder, 'keys/archives.pem'));
});
afterAll(() => rm(folder, { recursive: true }));
const ours = (id: string): boolean => id === key.id;
const manifest = makeManifest();

describe('a signed manifest', () => {
  it('is read as what was signed, also where it was written in another way', () => {
    const text = signManifest(manifest, key);
    expect(signManifest(manifest, key)).toBe(text);
    expect(readManifest(Buffer.from(text), ours)).toEqual({ manifest, keyId: key.id });
    expect(readManifest(JSON.stringify(JSON.parse(text), null, 2), ours).manifest).toEqual(manifest);
  });

  it('is refused where anything of it was changed', () => {
    const text = signManifest(manifest, key);
    const changed = [
      text.replace('"events":3', '"events":4'),
      text.replace('acme', 'acmf'),
      text.replace('"generation":0', '"generation":1'),
      text.replace(/"value":"./, (start) => `${start.slice(0, -1)}${start.endsWith('A') ? 'B' : 'A'}`),
      text.replace(key.id, '0'.repeat(16)),
    ];
    for (const each of changed) {
      expect(each).not.toBe(text);
      expect(() => readManifest(each, () => true)).toThrow('not what was signed');
    }
  });

  it('is refused where a stranger signed it, whose signature is right', async () => {
    const stranger = await openSigningKey(join(folder, 'stranger.pem'));
    const text = signManifest(makeManifest({ generation: 7 }), stranger);
    expect(() => readManifest(text, ours)).toThrow(`the key ${stranger.id}`);
    expect(readManifest(text, () => true).keyId).toBe(stranger.id);
    const { manifest: content, signature } = JSON.parse(text);
    const posing = JSON.stringify({
      manifest: content,
      signature: { ...signature, public_key: key.publicKey },
    });
    expect(() => readManifest(posing, ours)).toThrow('not what was signed');
  });

  it.each(['', '{}', 'null', '[]', '{"manifest":{},"signature":{}}', `"${'x'.repeat(9 * 2 ** 20)}"`])(
    'is none where it is something else',
    (text) => {
      expect(() => readManifest(text, () => true)).toThrow(
        expect.objectContaining({ code: 'archive_manifest_invalid' }),
      );
    },
  );

  it('is not made of a unit that does not agree with itself', () => {
    expect(() => signManifest(makeManifest({ files: [] }), key)).toThrow('files');
  });
});

describe('the key of archives', () => {
  it('is made once, for its user alone, and is the same to all who open it', async () => {
    const path = join(folder, 'once/key.pem');
    const opened = await Promise.all([1, 2, 3].map(() => openSigningKey(path)));
    expect(new Set(opened.map(({ id }) => id)).size).toBe(1);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(folder, 'once'))).toEqual(['key.pem']);
  });

  it('is refused with the file’s name where it can’t be used, without what is in it', async () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey;
    for (const text of ['', 'secret-canary', rsa.export({ type: 'pkcs8', format: 'pem' })]) {
      const path = join(folder, 'wrong.pem');
      await writeFile(path, text);
      await chmod(path, 0o600);
      const opening = openSigningKey(path);
      await expect(opening).rejects.toMatchObject({ code: 'archive_signing_key_unusable' });
      await expect(opening).rejects.toThrow(path);
      await expect(opening).rejects.not.toThrow(/canary|BEGIN/);
    }
  });
});
