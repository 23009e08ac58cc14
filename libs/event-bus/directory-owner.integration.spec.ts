import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DirectoryLock, findDirectoryOwner } from '#event-bus';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'alluvium-owner-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

describe.runIf(process.platform === 'linux')('the owner of a directory', () => {
  it('is nobody where it is missing, or was let go of, whatever its file says', async () => {
    expect(await findDirectoryOwner(join(directory, 'missing'))).toEqual({ kind: 'free' });
    expect(await findDirectoryOwner(directory)).toEqual({ kind: 'free' });
    writeFileSync(join(directory, 'owner.lock'), 'process 1 on an earlier machine');
    expect(await findDirectoryOwner(directory)).toEqual({ kind: 'free' });
  });

  it('is named, and nothing is touched', async () => {
    const lock = await DirectoryLock.acquire(directory);
    const before = statSync(join(directory, 'owner.lock')).mtimeMs;
    expect(await findDirectoryOwner(directory)).toEqual({
      kind: 'held',
      by: expect.stringMatching(new RegExp(`^process ${process.pid} on `)),
    });
    expect(statSync(join(directory, 'owner.lock')).mtimeMs).toBe(before);
    await lock.release();
    expect(await findDirectoryOwner(directory)).toEqual({ kind: 'free' });
    expect(readdirSync(directory)).toEqual(['owner.lock']);
  });

  it('is seen by the lock of the file too, as of a container with its own network', async () => {
    const file = join(directory, 'owner.lock');
    writeFileSync(file, '');
    const holder = spawn('flock', ['-n', file, 'sh', '-c', 'echo held; exec sleep 60'], { detached: true });
    await once(holder.stdout, 'data');
    expect(await findDirectoryOwner(directory)).toEqual({ kind: 'held', by: 'another process' });
    if (holder.pid !== undefined) process.kill(-holder.pid, 'SIGKILL');
    await once(holder, 'exit');
  });
});
