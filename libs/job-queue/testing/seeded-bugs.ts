import { MemoryCatalogue } from '#catalogue/testing';
import type { InspectableJobQueue, JobHandler, NewJob } from '../job-queue.port.js';
import type { OpenQueue } from './in-process-harness.js';

/** Changes what goes in and out of a sound queue. */
interface Fault {
  readonly add?: (job: NewJob) => NewJob;
  readonly handle?: (handler: JobHandler) => JobHandler;
  readonly concurrency?: (asked: number) => number;
  readonly cancel?: () => boolean;
  readonly stop?: () => void;
}

function withFault(sound: InspectableJobQueue, fault: Fault): InspectableJobQueue {
  return {
    add: (job) => sound.add(fault.add ? fault.add(job) : job),
    process: (kind, handler, options) =>
      sound.process(kind, fault.handle ? fault.handle(handler) : handler, {
        concurrency: (fault.concurrency ?? Number)(options?.concurrency ?? 1),
      }),
    find: (kind, id) => sound.find(kind, id),
    list: (kind) => sound.list(kind),
    cancel: async (kind, id) => (fault.cancel ? fault.cancel() : sound.cancel(kind, id)),
    runNow: (kind, id) => sound.runNow(kind, id),
    status: () => sound.status(),
    stop: async () => (fault.stop ? fault.stop() : sound.stop()),
  };
}

/** A sound adapter with one fault. */
export type Seeded = (sound: OpenQueue) => OpenQueue;

const faulty =
  (fault: Fault): Seeded =>
  (sound) =>
  async (catalogue, clock) =>
    withFault(await sound(catalogue, clock), fault);

const twice: Fault['handle'] = (handler) => async (job) =>
  void (await Promise.all([handler(job), handler(job)]));
const once: Fault['handle'] = (handler) => (job) =>
  handler(job).catch((cause: unknown) =>
    Promise.reject(Object.assign(new Error(String(cause), { cause }), { retryable: false })),
  );

/** Adapters with one fault each, and the promise that the contract must find broken. */
export const SEEDED_BUGS: readonly {
  readonly bug: string;
  readonly breaks: string;
  readonly seeded: Seeded;
}[] = [
  { bug: 'runs a job twice at once', breaks: 'one at a time', seeded: faulty({ handle: twice }) },
  { bug: 'runs too many at once', breaks: 'one at a time', seeded: faulty({ concurrency: (n) => n + 1 }) },
  {
    bug: 'forgets jobs at restart',
    breaks: 'durable',
    seeded: (sound) => (_catalogue, clock) => sound(new MemoryCatalogue(), clock),
  },
  { bug: 'ignores cancel', breaks: 'cancel', seeded: faulty({ cancel: () => true }) },
  { bug: 'gives up after one failure', breaks: 'retry', seeded: faulty({ handle: once }) },
  { bug: 'ignores delays', breaks: 'time', seeded: faulty({ add: (job) => ({ ...job, delayMs: 0 }) }) },
  { bug: 'stops without waiting', breaks: 'stop', seeded: faulty({ stop: () => undefined }) },
];
