import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSecret } from './read-secret.js';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'alluvium-secret-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

describe('a file that an option names', () => {
  it('is read', async () => {
    const path = join(directory, 'key.pem');
    await writeFile(path, 'pem');
    expect(Buffer.from(await readSecret(path)).toString()).toBe('pem');
  });

  it('is refused where it is too large, no file or not there, without what is in it', async () => {
    const large = join(directory, 'large');
    await writeFile(large, 'secret '.repeat(200_000));
    await expect(readSecret(large)).rejects.toThrow(`The file ${large} has more than 1 MiB.`);
    await expect(readSecret(directory)).rejects.toMatchObject({ code: 'input_start_failed' });
    await expect(readSecret(join(directory, 'none'))).rejects.toThrow('(ENOENT)');
  });
});
