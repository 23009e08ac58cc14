import { setTimeout as pause } from 'node:timers/promises';
import { AlluviumError } from '#event-model';

/** Before a step that failed by trouble that passes is made again: milliseconds. */
const AGAIN_AFTER_MS = 2_000;

/** Makes a step until it passes: a server that is out comes back; all else is for people. `failed` is told of each failure. */
export async function untilDone(step: () => Promise<void>, failed: (error: unknown) => void): Promise<void> {
  for (;;) {
    try {
      return await step();
    } catch (error) {
      if (!(error instanceof AlluviumError && error.retryable)) throw error;
      failed(error);
      await pause(AGAIN_AFTER_MS);
    }
  }
}
