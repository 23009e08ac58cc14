import type { InspectableJobQueue } from '../job-queue.port.js';

/** One adapter under test, with data of its own. */
export interface JobQueueHarness {
  readonly queue: InspectableJobQueue;
  /** Moves the adapter's time on; an adapter without a clock of its own waits as long. */
  advance(ms: number): void;
  /** Gives everything that could happen by mistake the time to happen. */
  settle(): Promise<void>;
  /** What is left when the process is killed now, opened again; the old queue is not used any more. */
  crash(): Promise<InspectableJobQueue>;
  /** Stops what was opened and removes its data. */
  stop(): Promise<void>;
}

/** Which sentence of the port a case holds an adapter to. */
export type JobQueuePromise =
  'at least once' | 'one at a time' | 'retry' | 'time' | 'durable' | 'cancel' | 'record' | 'stop';

export interface JobQueueCase {
  readonly promise: JobQueuePromise;
  readonly name: string;
  /** How BullMQ meets it. */
  readonly distributed: string;
  /** Rejects where the promise is broken. */
  run(harness: JobQueueHarness): Promise<void>;
}
