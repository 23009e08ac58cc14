import { AlluviumError } from '#event-model';

export type EventBusErrorCode = 'bus_unavailable' | 'bus_full' | 'outcome_unknown' | 'fenced';

const RETRYABLE: Readonly<Record<EventBusErrorCode, boolean>> = {
  bus_unavailable: true,
  bus_full: true,
  outcome_unknown: true,
  fenced: false,
};

/** A bus could not do what was asked; the code says what is known about the outcome. */
export class EventBusError extends AlluviumError {
  constructor(code: EventBusErrorCode, message: string, cause?: unknown) {
    super(message, { code, retryable: RETRYABLE[code], cause });
  }
}
