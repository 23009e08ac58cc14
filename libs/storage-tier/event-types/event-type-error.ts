import { AlluviumError } from '#event-model';
import type { PluginProblem } from '#plugin-kit';

export type EventTypeErrorCode =
  | 'event_type_not_found'
  | 'event_type_exists'
  | 'event_type_of_plugin'
  | 'event_type_change_refused'
  | 'event_type_conflict'
  | 'event_type_in_use'
  | 'too_many_event_types'
  | 'too_many_versions';

/** An event type can't be declared, changed or taken away as asked; the message says how to mend it. */
export class EventTypeError extends AlluviumError {
  constructor(
    code: EventTypeErrorCode,
    message: string,
    /** Everything that stands against it. */
    readonly problems: readonly PluginProblem[] = [],
  ) {
    super(message, { code, retryable: false, logLevel: 'info' });
  }
}

/** The name is taken. */
export function typeExists(name: string): EventTypeError {
  return new EventTypeError('event_type_exists', `There is an event type "${name}" already.`);
}

/** Only its plugin changes it. */
export function typeOfPlugin(name: string): EventTypeError {
  return new EventTypeError('event_type_of_plugin', `The event type "${name}" is a plugin's.`);
}

/** @param streams that have it */
export function typeInUse(name: string, streams: readonly string[]): EventTypeError {
  const some = streams.slice(0, 5).join(', ');
  const more = streams.length > 5 ? ` and ${streams.length - 5} more` : '';
  return new EventTypeError(
    'event_type_in_use',
    `The event type "${name}" is the type of ${some}${more}; a stream has its type for life.`,
  );
}

/** Tables that are there can't follow. */
export function changeRefused(name: string, problems: EventTypeError['problems']): EventTypeError {
  const all = problems.map(({ what, mend }) => `${what} (${mend})`).join('; ');
  const message = `The event type "${name}" can't be changed so: ${all}.`;
  return new EventTypeError('event_type_change_refused', message, problems);
}

/** There is none of the name. */
export function typeNotFound(name: string): EventTypeError {
  return new EventTypeError('event_type_not_found', `There is no event type "${name}".`);
}

/** @param most that a tenant may declare */
export function tooManyTypes(most: number): EventTypeError {
  return new EventTypeError(
    'too_many_event_types',
    `The tenant has ${most} event types of its own, the most it may have; take one away that no stream has.`,
  );
}

/** @param most that a type may have */
export function tooManyVersions(name: string, most: number): EventTypeError {
  return new EventTypeError(
    'too_many_versions',
    `The event type "${name}" has ${most} versions, the most it may have; declare a new type.`,
  );
}

/** Somebody else was faster. */
export function typeConflict(): EventTypeError {
  return new EventTypeError(
    'event_type_conflict',
    'The event type was changed meanwhile; read it again, then send the change.',
  );
}
