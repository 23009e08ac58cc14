import type { WriterPool } from '../writers/writer-pool.js';
import type { RoutedDelivery } from './find-stream.step.js';
import { ok, type Step } from './step-result.js';

/** Hands the block to its stream's writer; resolves when there is room for the next one. */
export function createWriteStep(writers: Pick<WriterPool, 'offer'>): Step<RoutedDelivery, void> {
  return async function writeStep({ delivery, stream }) {
    await writers.offer(stream, delivery);
    return ok(undefined);
  };
}
