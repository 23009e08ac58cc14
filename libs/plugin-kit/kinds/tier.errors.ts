import { AlluviumError } from '#event-model';

/**
 * What a tier's failure means for its caller: `unavailable` (wait and read back), `data` (these bytes are refused:
 * bisect), `config` (stop and tell a person), `timeout` (a search ran out of time), `query` (a search can't be answered).
 */
export type TierFailure = 'unavailable' | 'data' | 'config' | 'timeout' | 'query';

export class TierError extends AlluviumError {
  readonly failure: TierFailure;

  /** @param exhausted whether the engine's memory did not do for it: less at once may go through */
  constructor(
    failure: TierFailure,
    message: string,
    cause?: unknown,
    readonly exhausted = false,
  ) {
    super(message, { code: `tier_${failure}`, retryable: failure === 'unavailable', cause });
    this.failure = failure;
  }
}
