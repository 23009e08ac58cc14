import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readSecret } from './secret-files.js';

let folder: string;
let root: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alluvium-secrets-'));
  root = join(folder, 'secrets');
  await mkdir(join(root, 'inner'), { recursive: true });
  await writeFile(join(root, 'token'), '  Bearer x\n');
  await writeFile(join(root, 'empty'), ' \n');
  await writeFile(join(root, 'large'), 'x'.repeat(20_000));
  await writeFile(join(folder, 'other'), 'outside');
  await symlink(join(folder, 'other'), join(root, 'link'));
});
afterEach(() => rm(folder, { recursive: true }));

it('reads a secret without the white space around it', async () => {
  expect(await readSecret(root, 'token')).toBe('Bearer x');
});

it.each(['../other', 'link', '/etc/hostname', 'inner', 'none', 'empty', 'large', '', '.'])(
  'reads nothing else: %j',
  async (name) => {
    await expect(readSecret(root, name)).rejects.toMatchObject({ code: 'notify_failed' });
  },
);

it('says what mends it where there is no folder', async () => {
  await expect(readSecret(join(folder, 'none'), 'token')).rejects.toMatchObject({
    mend: expect.stringContaining('ALLUVIUM_SECRETS_DIR'),
  });
});
