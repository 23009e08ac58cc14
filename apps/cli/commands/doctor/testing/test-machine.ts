import { thisMachine, type Machine } from '../machine/machine.js';

const MIB = 2 ** 20;

/** What /proc/cpuinfo of a present processor says, in the line that counts. */
export const MODERN_FLAGS =
  'fpu cx16 lahf_lm popcnt pni sse4_1 sse4_2 ssse3 pclmulqdq avx avx2 bmi1 bmi2 f16c fma abm movbe xsave aes';

/** Files of a good machine. */
export const GOOD_FILES: Readonly<Record<string, string>> = {
  '/proc/cpuinfo': `processor\t: 0\nflags\t\t: ${MODERN_FLAGS}\nbugs\t\t: none\n`,
  '/proc/meminfo': `MemTotal: 9000000 kB\nMemAvailable:    8000000 kB\n`,
  '/proc/self/limits':
    'Limit  Soft  Hard  Units\nMax open files            1024                 524288               files\n',
};

/** A good machine with Linux and 8 GiB: real files, but for those that are told otherwise. */
export function testMachine(
  env: Readonly<Record<string, string>>,
  { files = {}, ...overrides }: Partial<Machine> & { readonly files?: Readonly<Record<string, string>> } = {},
): Machine {
  const machine = thisMachine();
  const simulated = { ...GOOD_FILES, ...files };
  return {
    ...machine,
    env: { PATH: process.env['PATH'], ...env },
    readText: (path) => simulated[path] ?? (path.startsWith('/sys/') ? undefined : machine.readText(path)),
    fileSystem: () => ({ type: 0xef53, freeBytes: 90_000 * MIB, totalBytes: 100_000 * MIB }),
    totalMemoryBytes: () => 8_192 * MIB,
    platform: 'linux',
    arch: 'x64',
    nodeVersion: '20.19.0',
    glibc: '2.36',
    ...overrides,
  };
}
