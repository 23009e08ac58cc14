import { deriveBudgets, resolveMemoryLimit } from '#app-config';
import type { DoctorContext } from '../context.js';
import { fine, problem, warning, type Finding } from '../finding.js';
import { roundBytes } from '../round-bytes.js';

const MIB = 2 ** 20;
/** Below it the parts do not fit beside each other. */
const LEAST_BYTES = 512 * MIB;
/** Below it everything works, with less room for many requests and large questions. */
const COMFORTABLE_BYTES = 1024 * MIB;

/** Whether the memory that may be used is enough for the parts, and is there. */
export function checkMemory({ machine, settings }: DoctorContext): readonly Finding[] {
  const { memoryLimit } = settings.boot;
  const probe = { readText: machine.readText, totalBytes: machine.totalMemoryBytes };
  const [limit, allowed] = [resolveMemoryLimit(memoryLimit, probe), resolveMemoryLimit(undefined, probe)];
  const where =
    memoryLimit === undefined ? originOf(allowed, machine.totalMemoryBytes()) : 'ALLUVIUM_MEMORY_LIMIT';
  if (memoryLimit !== undefined && memoryLimit > allowed)
    return [
      problem('memory', {
        what: `The limit is set to ${roundBytes(limit)}, but only ${roundBytes(allowed)} may be used: the process would be killed.`,
        where,
        mend: 'Lower ALLUVIUM_MEMORY_LIMIT or unset it; or raise the limit of the container.',
      }),
    ];
  return [judge(limit, where), ...checkAvailable(limit, machine)];
}

function judge(limit: number, where: string): Finding {
  const { engineBytes, nodeHeapMiB, inFlightBytes, scratchBytes } = deriveBudgets(limit);
  const shares = `engine ${roundBytes(engineBytes)}, Node ${roundBytes(nodeHeapMiB * MIB)}, requests ${roundBytes(inFlightBytes)}, scratch ${roundBytes(scratchBytes)}`;
  const mend =
    'Give it 1 GiB or more: raise the limit of the container (docker run --memory=1g) or take a larger machine.';
  if (limit < LEAST_BYTES)
    return problem('memory', {
      what: `${roundBytes(limit)} may be used; the least is ${roundBytes(LEAST_BYTES)} (${shares}).`,
      where,
      mend,
    });
  if (limit < COMFORTABLE_BYTES)
    return warning('memory', {
      what: `${roundBytes(limit)} may be used (${shares}): it works, but takes fewer requests at once and smaller questions.`,
      where,
      mend,
    });
  return fine('memory', `${roundBytes(limit)} may be used: ${shares}.`, where);
}

/** What other programs leave now. */
function checkAvailable(limit: number, { readText }: DoctorContext['machine']): readonly Finding[] {
  const [, kib] = /^MemAvailable:\s+(\d+) kB$/m.exec(readText('/proc/meminfo') ?? '') ?? [];
  if (kib === undefined || Number(kib) * 1024 >= Math.min(limit, COMFORTABLE_BYTES)) return [];
  return [
    warning('memory', {
      what: `Only ${roundBytes(Number(kib) * 1024)} are available now: other programs have the rest.`,
      where: '/proc/meminfo',
      mend: 'Stop what is not needed; or set ALLUVIUM_MEMORY_LIMIT to what it may have.',
    }),
  ];
}

function originOf(limit: number, total: number): string {
  return limit < total ? 'limit of the control group' : 'memory of the machine';
}
