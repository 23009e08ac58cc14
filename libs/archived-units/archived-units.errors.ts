import { AlluviumError } from '#event-model';

/**
 * `archived_units_conflict`: others changed the stream's document all the while; made again, the step may go through.
 * `archived_unit_answers`: the unit is answered from its archive, which nothing else may take the place of.
 * `archived_generations_full`: no further generation of late events can be sealed.
 * `archived_unit_missing`: there is no copy of the unit that the step could be done with.
 */
export type ArchivedUnitsErrorCode =
  'archived_units_conflict' | 'archived_unit_answers' | 'archived_unit_missing' | 'archived_generations_full';

/** A step of an archived unit was not done; nothing is changed. */
export class ArchivedUnitsError extends AlluviumError {
  constructor(code: ArchivedUnitsErrorCode, message: string) {
    super(message, { code, retryable: code === 'archived_units_conflict' });
  }
}
