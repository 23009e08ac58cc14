import { AlluviumError } from '#event-model';

/** The catalogue's engine failed; what a write applied is unknown, so read before a retry. */
export class CatalogueError extends AlluviumError {
  constructor(message: string, cause?: unknown) {
    super(message, { code: 'catalogue_unavailable', retryable: true, cause });
  }
}

/** A call that no engine could keep (a name or a value it can't hold); nothing was applied, the caller must change. */
export class CatalogueMisuseError extends AlluviumError {
  constructor(message: string, cause?: unknown) {
    super(message, { code: 'catalogue_misuse', retryable: false, cause });
  }
}
