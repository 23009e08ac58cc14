import type { RunningCluster } from './kafka-cluster.mjs';
import type { StartOptions } from './start-engine.mjs';

export function startMongoSet(
  options?: StartOptions & { readonly members?: number },
): Promise<RunningCluster>;
