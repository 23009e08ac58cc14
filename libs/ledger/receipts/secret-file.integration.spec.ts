import { mkdtemp, readdir, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSecretFile } from './secret-file.js';

describe('the secret of receipts', () => {
  let directory = '';
  const path = (): string => join(directory, 'receipts.secret');
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'alluvium-secret-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  it('is made once and readable by its owner only', async () => {
    const secret = await openSecretFile(path());
    expect(secret).toHaveLength(32);
    expect((await stat(path())).mode & 0o777).toBe(0o600);
    expect(await openSecretFile(path())).toEqual(secret);
    expect(await readdir(directory)).toEqual(['receipts.secret']);
  });

  it('is the same for all who ask at once', async () => {
    const secrets = await Promise.all(Array.from({ length: 20 }, () => openSecretFile(path())));
    expect(new Set(secrets.map((secret) => secret.toString('hex'))).size).toBe(1);
  });

  it('that was cut off is refused, with its path and what to do', async () => {
    await openSecretFile(path());
    await truncate(path(), 5);
    await expect(openSecretFile(path())).rejects.toMatchObject({
      code: 'secret_file_damaged',
      message: expect.stringContaining(`${path()} has 5 bytes`),
    });
  });

  it('in a directory that is not there is an error, not a guess', async () => {
    await expect(openSecretFile(join(directory, 'gone', 'secret'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
