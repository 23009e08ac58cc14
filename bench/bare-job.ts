import type { DataPlan } from './request-bodies.js';

export interface BareJob {
  readonly data: DataPlan;
  readonly eventType: 'log' | 'service-log';
  /** `any`: through the entry table, as any line goes; `plain`: as the appliance writes lines that are plain. */
  readonly statement: 'any' | 'plain';
  /** Bytes of one insert, about. */
  readonly batchBytes: number;
}

export interface BareResult {
  readonly stored: number;
  readonly elapsedMs: number;
  /** Seconds from the first insert until no merge has run for five seconds. */
  readonly settledCpuSeconds: number;
  readonly diskBytes: number;
}
