import { Worker } from 'node:worker_threads';
import type { PluginManifest } from '#plugin-kit';

/** What a plugin's process is started with. */
export interface Started {
  /** Path of the module that exports the plugin. */
  readonly entry: string;
  readonly manifest: PluginManifest;
}

/** Reads the arguments that `nodeArguments` wrote, and has this process watched from here on. */
export function begin(): Started {
  const [entry = '', manifest = '{}', memoryBytes = '0'] = process.argv.slice(2);
  new Worker(new URL('./watcher.js', import.meta.url), {
    workerData: { parent: process.ppid, memoryBytes: Number(memoryBytes) },
    env: {},
  }).unref();
  return { entry, manifest: JSON.parse(manifest) as PluginManifest };
}
