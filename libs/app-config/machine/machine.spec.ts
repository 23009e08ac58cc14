import { describe, expect, it } from 'vitest';
import { deriveBudgets, resolveMemoryLimit, resolveScratchDir } from '#app-config';

const MIB = 2 ** 20;
const GIB = 2 ** 30;

describe('the memory limit', () => {
  const probe = (files: Record<string, string>) => ({
    readText: (path: string) => files[path],
    totalBytes: () => 8 * GIB,
  });
  const v2 = '/sys/fs/cgroup/memory.max';
  const v1 = '/sys/fs/cgroup/memory/memory.limit_in_bytes';

  it.each([
    [
      'its own group of version 2',
      '0::/system.slice/alluvium.service',
      'system.slice/alluvium.service/memory.max',
      1,
    ],
    ['a group around it', '0::/system.slice/alluvium.service', 'system.slice/memory.max', 2],
    ['its own group of version 1', '9:cpu:/x\n4:memory:/web/one', 'memory/web/one/memory.limit_in_bytes', 3],
  ])('comes from %s', (_, groups, file, gibs) => {
    const files = {
      '/proc/self/cgroup': `${groups}\n`,
      [`/sys/fs/cgroup/${file}`]: `${gibs * GIB}\n`,
      [v2]: 'max\n',
    };
    expect(resolveMemoryLimit(undefined, probe(files))).toBe(gibs * GIB);
  });

  it.each([
    ['the setting', GIB, { [v2]: `${2 * GIB}\n` }, GIB],
    ['the limit of a version 2 control group', undefined, { [v2]: `${2 * GIB}\n` }, 2 * GIB],
    ['the limit of a version 1 control group', undefined, { [v1]: `${3 * GIB}\n` }, 3 * GIB],
    ['the machine, where version 2 has no limit', undefined, { [v2]: 'max\n' }, 8 * GIB],
    ['the machine, where version 1 has no limit', undefined, { [v1]: '9223372036854771712\n' }, 8 * GIB],
    ['the machine, where there is no control group', undefined, {}, 8 * GIB],
  ])('comes from %s', (_, setting, files, expected) => {
    expect(resolveMemoryLimit(setting, probe(files))).toBe(expected);
  });
});

describe('the scratch directory', () => {
  const free = (bytes: number | undefined) => (directory: string) => {
    expect(directory).toBe('/dev/shm');
    return bytes;
  };
  const none = { scratchDir: undefined };

  it('is on the memory file system where that has room, apart from that of another data directory', () => {
    const one = resolveScratchDir({ ...none, dataDir: '/one' }, free(256 * MIB));
    expect(one).toMatch(/^\/dev\/shm\/alluvium-[0-9a-f]{12}$/);
    expect(resolveScratchDir({ ...none, dataDir: '/one/' }, free(256 * MIB))).toBe(one);
    expect(resolveScratchDir({ ...none, dataDir: '/two' }, free(256 * MIB))).not.toBe(one);
  });

  it('is beside the data where that has none, or is no directory', () => {
    expect(resolveScratchDir({ ...none, dataDir: 'data' }, free(256 * MIB - 1))).toBe('data/scratch');
    expect(resolveScratchDir({ ...none, dataDir: 'data' }, free(undefined))).toBe('data/scratch');
  });

  it('is what the setting says', () => {
    expect(resolveScratchDir({ scratchDir: '/fast', dataDir: 'data' }, free(GIB))).toBe('/fast');
  });
});

describe('budgets', () => {
  const sizes = [512 * MIB, 768 * MIB, GIB, 2 * GIB, 4 * GIB, 16 * GIB, 64 * GIB];

  it.each(sizes)('of %d bytes leave a tenth or more for code, stacks and the log', (limit) => {
    const { engineBytes, nodeHeapMiB, inFlightBytes, scratchBytes } = deriveBudgets(limit);
    expect(engineBytes + nodeHeapMiB * MIB + inFlightBytes + scratchBytes).toBeLessThanOrEqual(limit * 0.9);
    expect(engineBytes).toBeGreaterThanOrEqual(192 * MIB);
    expect(scratchBytes).toBeGreaterThanOrEqual(48 * MIB);
  });

  it('give the engine what a large machine has to spare', () => {
    expect(deriveBudgets(64 * GIB).engineBytes).toBeGreaterThan(40 * GIB);
    expect(deriveBudgets(64 * GIB).nodeHeapMiB).toBe(4096);
  });
});
