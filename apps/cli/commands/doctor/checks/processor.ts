import type { DoctorContext } from '../context.js';
import { fine, problem, type Finding } from '../finding.js';

/** What the engine's library was built for, under the names of /proc/cpuinfo. */
interface Target {
  readonly name: string;
  /** The line of /proc/cpuinfo that lists what the processor can do. */
  readonly line: RegExp;
  readonly needed: readonly string[];
  readonly models: string;
}

const TARGETS: Readonly<Record<string, Target>> = {
  // ClickHouse is built for x86-64-v3 since 26.6; without any of these it ends with an illegal instruction.
  x64: {
    name: 'x86-64-v3',
    line: /^flags\s*:\s*(.*)$/m,
    needed: [
      ...['cx16', 'lahf_lm', 'popcnt', 'pni', 'sse4_1', 'sse4_2', 'ssse3', 'pclmulqdq'],
      ...['avx', 'avx2', 'bmi1', 'bmi2', 'f16c', 'fma', 'abm', 'movbe', 'xsave'],
    ],
    models: 'Intel since Haswell (2013) or AMD since Excavator (2015)',
  },
  arm64: {
    name: 'ARMv8.2',
    line: /^Features\s*:\s*(.*)$/m,
    needed: ['asimd', 'aes', 'pmull', 'sha1', 'sha2', 'crc32', 'atomics', 'asimddp'],
    models: 'AWS Graviton 2, Ampere Altra, a Raspberry Pi 5 or newer',
  },
};

/** Whether the processor can run the engine. */
export function checkProcessor({ machine }: DoctorContext): readonly Finding[] {
  const target = TARGETS[machine.arch];
  const text = machine.platform === 'linux' ? machine.readText('/proc/cpuinfo') : undefined;
  if (!target || text === undefined) return [];
  const has = new Set(target.line.exec(text)?.[1]?.split(' '));
  const missing = target.needed.filter((flag) => !has.has(flag));
  if (missing.length === 0)
    return [fine('processor', `It can do all that the engine needs (${target.name}).`, '/proc/cpuinfo')];
  const names = missing.map((flag) => flag.toUpperCase()).join(', ');
  return [
    problem('processor', {
      what: `It lacks ${names}, which the engine's library (chDB) was built for: the server would end with an illegal instruction.`,
      where: '/proc/cpuinfo',
      mend: `Take a machine with ${target.models}. A virtual machine has to be given them: CPU type "host", not "kvm64" or "qemu64".`,
    }),
  ];
}
