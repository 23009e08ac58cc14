import { parseEventId, parseTime } from '#event-model';
import type { EventPosition } from '#plugin-kit';
import { Problem, type RequestMistake } from '../problems/problem.js';
import type { ExportRequest } from './export-request.schema.js';

const FORM = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z),([0-9a-f]{32}-\d{1,10})$/;
const AGAIN = 'Send the time that the broken answer named in Alluvium-';

/**
 * Where a broken export goes on; undefined where it begins. The client makes the cursor of the last event that it has whole:
 * so it needs nothing from an answer that never ended, and the server keeps nothing.
 *
 * @throws Problem `cursor_invalid`, `invalid_request` where the same export can't be told from the request
 */
export function readCursor(request: ExportRequest): EventPosition | undefined {
  if (request.cursor === undefined) return undefined;
  const errors = mistakesOf(request);
  if (errors.length > 0)
    throw new Problem('invalid_request', 'This export can not be resumed; see errors.', { errors });
  return parseCursor(request.cursor);
}

function parseCursor(text: string): EventPosition {
  const [, time = '', id = ''] = FORM.exec(text) ?? [];
  const timestamp = parseTime(time);
  const place = parseEventId(id);
  if (timestamp === undefined || !place)
    throw new Problem(
      'cursor_invalid',
      'The cursor of an export is the timestamp and the event_id of its last event.',
      {
        mend: 'Send both as they stand in the last complete line, with a comma between them.',
      },
    );
  return { timestamp, ...place };
}

function mistakesOf({ format, start_time, end_time }: ExportRequest): readonly RequestMistake[] {
  return [
    ...unresumable(format),
    ...moving('start_time', start_time, `${AGAIN}Start-Time.`),
    ...moving('end_time', end_time, `${AGAIN}End-Time.`),
  ];
}

function unresumable(format: ExportRequest['format']): readonly RequestMistake[] {
  if (format === 'ndjson' || format === 'csv') return [];
  const why = {
    json: 'is one document: its parts can not be joined',
    parquet: 'is written as a whole: its index stands at its end',
  }[format];
  return [
    {
      path: 'format',
      message: `${format} ${why}`,
      mend: 'Export as ndjson or csv, or begin anew without a cursor.',
    },
  ];
}

/** With another range the rest would be another export's. */
function moving(path: string, time: string | number | undefined, mend: string): readonly RequestMistake[] {
  if (time !== undefined && !String(time).trim().startsWith('now')) return [];
  return [{ path, message: 'must be a fixed time beside a cursor', mend }];
}
