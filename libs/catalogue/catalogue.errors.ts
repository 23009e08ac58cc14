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

/** A document that is there and can't be read: its bytes are not what was written. Others can be read. */
export class CatalogueDamageError extends AlluviumError {
  constructor(collection: string, id: string, cause: unknown) {
    super(
      `The document "${id}" of "${collection}" in the catalogue is damaged: it is no JSON any more. Restore the catalogue from a backup.`,
      { code: 'catalogue_damaged', retryable: false, cause },
    );
  }
}
