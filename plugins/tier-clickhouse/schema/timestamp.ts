import { SENT_TIME } from './input-keys.js';
import type { Step } from './step.js';

/** Oldest time that is taken for real: logs of last year are normal, 1970 is a broken clock. */
const OLDEST = "toDateTime64('1980-01-01 00:00:00', 9, 'UTC')";
/** Seconds that an event's time may lie ahead of its acceptance. */
const AHEAD = 86_400;

/**
 * The event's time: RFC 3339 and its relatives, epoch seconds to nanoseconds (told apart by their digits), and what the
 * engine's best effort reads, as long as the text has a year: anything that would depend on today is refused. Missing
 * means the time of acceptance.
 */
export function timeRead(): Step {
  const readable = `(substring(${SENT_TIME}, 5, 1) = '-' OR match(${SENT_TIME}, '[0-9]{4}')) AND length(${SENT_TIME}) >= 8`;
  return ['_time_read', `if(${readable}, parseDateTime64BestEffortOrNull(${SENT_TIME}, 9, 'UTC'), NULL)`];
}

/** Whether what was read is a time that is taken; NULL where nothing was read. */
export function inTimeRange(): string {
  return `_time_read BETWEEN ${OLDEST} AND received_at + toIntervalSecond(${AHEAD})`;
}

/** The time that the event is kept under; of the level after {@link timeRead}. */
export function eventTime(): Step {
  return ['_event_time', `ifNull(if(${inTimeRange()}, _time_read, received_at), received_at)`];
}

/** Reasons to refuse an event for its time, as cases of a multiIf. */
export function timestampReasons(): string[][] {
  return [
    [`${SENT_TIME} IS NOT NULL AND _time_read IS NULL`, "'bad:timestamp'"],
    ['_time_read IS NOT NULL AND _event_time != _time_read', "'range:timestamp'"],
  ];
}
