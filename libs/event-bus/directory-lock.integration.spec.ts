import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DirectoryLock } from '#event-bus';

const LOADER = fileURLToPath(new URL('../../test/support/typescript-loader.mjs', import.meta.url));
const OWNER = `
  import { DirectoryLock } from '${new URL('./directory-lock.ts', import.meta.url).href}';
  await DirectoryLock.acquire(process.argv[1]);
  process.stdout.write('owner');
  setInterval(() => undefined, 1000);`;

let directory = '';
const children: ChildProcess[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'alluvium-lock-'));
});

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(directory, { recursive: true });
});

/** Another process that has the lock and does not end by itself. */
async function startOwner(): Promise<ChildProcess> {
  const options = ['--conditions=source', '--import', LOADER, '--input-type=module', '-e', OWNER, directory];
  const child = spawn(process.execPath, options, { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  if (child.stdout) await once(child.stdout, 'data');
  return child;
}

describe('a data directory', () => {
  it('has one owner at a time: a second process is told who has it and what to do', async () => {
    const owner = await startOwner();
    const refused = DirectoryLock.acquire(directory);
    await expect(refused).rejects.toMatchObject({ code: 'directory_in_use', retryable: false });
    await expect(DirectoryLock.acquire(directory)).rejects.toThrow(
      new RegExp(`${directory} is in use by process ${owner.pid} on .+: stop that one first`),
    );
  });

  it('is free again when its owner was killed', async () => {
    const owner = await startOwner();
    owner.kill('SIGKILL');
    await once(owner, 'exit');
    await (await DirectoryLock.acquire(directory)).release();
  });

  it('is free again when its owner let go of it', async () => {
    const lock = await DirectoryLock.acquire(directory);
    await lock.release();
    await lock.release();
    await (await DirectoryLock.acquire(directory)).release();
  });

  it('is the same under another name', async () => {
    const lock = await DirectoryLock.acquire(directory);
    const other = `${directory}-link`;
    symlinkSync(directory, other);
    await expect(DirectoryLock.acquire(other)).rejects.toMatchObject({ code: 'directory_in_use' });
    rmSync(other);
    await lock.release();
  });

  it('is made when it is missing', async () => {
    await (await DirectoryLock.acquire(join(directory, 'not', 'there'))).release();
  });
});
