import { TierError } from '#plugin-kit';

/** What is left of the time that a statement may work in all. */
export interface WorkClock {
  leftMs: number;
}

/** Runs work within what is left of the time. @throws TierError `timeout` */
export async function withinTime<T>(clock: WorkClock, kill: () => void, work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  let isOver = false;
  const end = setTimeout(
    () => {
      isOver = true;
      kill();
    },
    Math.max(0, clock.leftMs),
  );
  try {
    return await work();
  } catch (error) {
    throw isOver ? new TierError('timeout', 'The time for the statement is over.', error) : error;
  } finally {
    clearTimeout(end);
    clock.leftMs -= performance.now() - started;
  }
}
