import type { Delivery } from '#event-bus';
import { AlluviumError } from '#event-model';
import type { StreamSpec } from '#plugin-kit';
import type { StreamRegistry } from '#storage-tier';
import { ok, type Step } from './step-result.js';

/** A delivery with the stream that it belongs to. */
export interface RoutedDelivery {
  readonly delivery: Delivery;
  readonly stream: StreamSpec;
}

/**
 * Looks up the block's stream. A block of a stream that is not in the catalogue waits: the block was acknowledged, so
 * it is never dropped for that.
 */
export function createFindStreamStep(streams: Pick<StreamRegistry, 'find'>): Step<Delivery, RoutedDelivery> {
  return async function findStreamStep(delivery) {
    const { tenant, stream: name } = delivery.block.header;
    const stream = await streams.find(tenant, name);
    if (stream) return ok({ delivery, stream });
    throw new AlluviumError(
      `A block waits for the stream "${name}" of tenant "${tenant}", which the catalogue does not have; create it.`,
      { code: 'stream_unknown', retryable: true },
    );
  };
}
