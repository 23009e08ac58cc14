import { AlluviumError } from '#event-model';
import type { StreamSpec } from '#plugin-kit';

/** Why a stream that must be at rest can't be touched now. */
export function streamBusy({ name }: Pick<StreamSpec, 'name'>): AlluviumError {
  return new AlluviumError(`A batch of ${name} is half stored; it is tried again once it is whole.`, {
    code: 'stream_busy',
    retryable: true,
  });
}

/** Why events of a stream wait, that another process keeps as it is. */
export function streamRests({ name }: Pick<StreamSpec, 'name'>): AlluviumError {
  return new AlluviumError(`A job of another process keeps ${name} as it is; its events wait for that.`, {
    code: 'stream_busy',
    retryable: true,
  });
}
