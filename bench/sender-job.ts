import type { DataPlan } from './request-bodies.js';
import type { Spread } from './numbers.js';

/** What a sender process is to do. */
export interface SenderJob {
  readonly url: string;
  readonly key: string;
  /** Taken in turn, request by request. */
  readonly streams: readonly string[];
  readonly connections: number;
  readonly data: DataPlan;
  /** Events a second over all connections; 0 sends as fast as answers come. */
  readonly rate: number;
  /** Seconds to send for, bodies taken again from the first when they are used up; 0 sends each body once. */
  readonly seconds: number;
}

/** What became of it. */
export interface SenderResult {
  readonly acceptedEvents: number;
  readonly requests: number;
  /** Requests answered 429 or 503, which were sent again. */
  readonly refused: number;
  /** Milliseconds from the first request to the last answer. */
  readonly elapsedMs: number;
  /** Milliseconds from a request's first byte to its 202. */
  readonly acknowledgement: Spread;
  /** The last receipt of each connection. */
  readonly receipts: readonly string[];
  readonly eventsByStream: Readonly<Record<string, number>>;
}
