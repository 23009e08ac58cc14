import { writeFile } from 'node:fs/promises';

/** How a process ended, as Node tells it. */
export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: string | null;
}

/** What a process may take: bytes in all, and MiB of JavaScript's heap. */
export interface MemoryBudgets {
  readonly memoryBytes: number;
  readonly heapMiB: number;
}

/** Why a plugin's process ended that nobody here ended. @param noise what it wrote to its standard error */
export function whyEnded({ code, signal }: ProcessEnd, noise: string, budgets: MemoryBudgets): string {
  const { memoryBytes, heapMiB } = budgets;
  if (signal === 'SIGKILL') return `it took more than ${memoryBytes / 2 ** 20} MiB of memory`;
  if (noise.includes('heap')) return `it took more than ${heapMiB} MiB of JavaScript's heap`;
  const said = noise.trim();
  return `it ended with ${signal ?? `the code ${code}`}${said === '' ? '' : `: ${said}`}`;
}

/** Where memory runs short, Linux ends the plugin before the server. */
export async function offerToKernel(pid: number | undefined): Promise<void> {
  if (process.platform !== 'linux' || pid === undefined) return;
  await writeFile(`/proc/${pid}/oom_score_adj`, '1000').catch(() => {});
}
