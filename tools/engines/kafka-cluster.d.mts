import type { RunningEngine, StartOptions } from './start-engine.mjs';

/** Brokers that run for tests. */
export interface RunningCluster {
  readonly nodes: readonly RunningEngine[];
  readonly variables: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

export function startKafkaCluster(
  options?: StartOptions & { readonly nodes?: number },
): Promise<RunningCluster>;
