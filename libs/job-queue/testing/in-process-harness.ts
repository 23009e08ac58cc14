import { MemoryCatalogue, type MemoryDisk } from '#catalogue/testing';
import type { Catalogue } from '#catalogue';
import { InProcessJobQueue } from '../in-process/in-process-job-queue.js';
import type { JobClock } from '../records/job-clock.js';
import type { InspectableJobQueue } from '../job-queue.port.js';
import type { JobQueueHarness } from './contract-case.js';
import { ManualClock } from './manual-clock.js';
import { settle } from './watched-handler.js';

/** How a test opens a queue over what an earlier one left. */
export type OpenQueue = (catalogue: Catalogue, clock: JobClock) => Promise<InspectableJobQueue>;

export const openInProcess: OpenQueue = (catalogue, clock) => InProcessJobQueue.open(catalogue, clock);

/** A harness in memory. A crash leaves the old queue running, but on a disk that nobody will read. */
export async function startInProcessHarness(open: OpenQueue = openInProcess): Promise<JobQueueHarness> {
  const clock = new ManualClock();
  let disk: MemoryDisk = new Map();
  const opened = [await open(new MemoryCatalogue(disk), clock)];
  return {
    queue: opened[0] as InspectableJobQueue,
    advance: (ms) => clock.advance(ms),
    settle,
    async crash() {
      disk = new Map([...disk].map(([name, documents]) => [name, new Map(documents)]));
      const after = await open(new MemoryCatalogue(disk), clock);
      opened.push(after);
      return after;
    },
    async stop() {
      // Handlers that a case left waiting never end, so their queue's stop is not waited for.
      for (const queue of opened) void queue.stop();
    },
  };
}
