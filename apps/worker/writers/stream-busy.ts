import { AlluviumError } from '#event-model';
import type { StreamSpec } from '#plugin-kit';

/** Why a stream that must be at rest can't be touched now. */
export function streamBusy({ name }: Pick<StreamSpec, 'name'>): AlluviumError {
  return new AlluviumError(`A batch of ${name} is half stored; it is tried again once it is whole.`, {
    code: 'stream_busy',
    retryable: true,
  });
}
