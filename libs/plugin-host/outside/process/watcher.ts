import { workerData } from 'node:worker_threads';

const LOOK_MS = 50;

const { parent, memoryBytes } = workerData as { readonly parent: number; readonly memoryBytes: number };

/**
 * Runs beside the plugin in a thread of its own, which goes on whatever the plugin does: ends the process where it takes
 * more memory than it may, and where the server that it works for has gone.
 */
setInterval(() => {
  if (process.memoryUsage.rss() > memoryBytes || process.ppid !== parent)
    process.kill(process.pid, 'SIGKILL');
}, LOOK_MS);
