import type { DataPlan } from './request-bodies.js';

export interface BareJob {
  readonly data: DataPlan;
  readonly eventType: 'log' | 'service-log';
  /** Through the entry table, as every line can go, or as the appliance writes plain lines. */
  readonly statement: 'entry-table' | 'plain';
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
