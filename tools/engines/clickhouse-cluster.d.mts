import type { RunningEngine, StartOptions } from './start-engine.mjs';

export const CLUSTER: string;
export function startClickHouseCluster(count: number, options?: StartOptions): Promise<RunningEngine[]>;
