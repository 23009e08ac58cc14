import { setImmediate } from 'node:timers/promises';

/** Does work that yields, and lets others have their turn meanwhile. */
export async function inTurns<T>(work: Generator<void, T>): Promise<T> {
  let step = work.next();
  while (!step.done) {
    await setImmediate();
    step = work.next();
  }
  return step.value;
}
