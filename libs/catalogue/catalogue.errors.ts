import { AlluviumError } from '#event-model';

/** The catalogue's engine failed; what a write applied is unknown, so read before a retry. */
export class CatalogueError extends AlluviumError {
  constructor(message: string, cause?: unknown) {
    super(message, { code: 'catalogue_unavailable', retryable: true, cause });
  }
}
