import { AlluviumError } from '#event-model';

/**
 * `migration_unfinished`: an appliance must not start on a catalogue that is copied in part. `migration_refused`: something
 * has to be mended first. `migration_failed`: a unit is not there as it was.
 */
export type MigrationErrorCode = 'migration_unfinished' | 'migration_refused' | 'migration_failed';

/** A move from one edition to another doesn't go on; what is wrong and how to mend it stands in the message. */
export class MigrationError extends AlluviumError {
  constructor(code: MigrationErrorCode, message: string) {
    super(message, { code, retryable: false });
  }
}
