import { AlluviumError } from '#event-model';

/**
 * - `bus_unavailable`: nothing was written; the bus is stopped or its disk fails
 * - `bus_full`: nothing was written; the disk has no room
 * - `outcome_unknown`: the write may or may not have happened
 * - `fenced`: another consumer owns the lane
 * - `bus_damaged`: the log can't be opened
 * - `other_bus`: the data directory belongs to another kind of bus
 * - `directory_in_use`: another process owns the directory
 */
export type EventBusErrorCode =
  | 'bus_unavailable'
  | 'bus_full'
  | 'outcome_unknown'
  | 'fenced'
  | 'bus_damaged'
  | 'other_bus'
  | 'directory_in_use';

const RETRYABLE: Readonly<Record<EventBusErrorCode, boolean>> = {
  bus_unavailable: true,
  bus_full: true,
  outcome_unknown: true,
  fenced: false,
  bus_damaged: false,
  other_bus: false,
  directory_in_use: false,
};

/** A bus could not do what was asked; the code says what is known about the outcome. */
export class EventBusError extends AlluviumError {
  declare readonly code: EventBusErrorCode;

  constructor(code: EventBusErrorCode, message: string, cause?: unknown) {
    super(message, { code, retryable: RETRYABLE[code], cause });
  }
}
