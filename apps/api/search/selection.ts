import { nowNs, parseTime } from '#event-model';
import type { EventSelection, Filter } from '#plugin-kit';
import { Problem } from '../problems/problem.js';
import { parseQuery } from './query/parse-query.js';
import { searchFilters } from './query/search-text.js';
import type { SelectionRequest } from './selection.schema.js';

const DAY_NS = 86_400_000_000_000n;

type Asked = Pick<EventSelection, 'from' | 'to' | 'filter'>;

/**
 * The typed selection of a request; who asks, and of which streams, is added by the caller.
 *
 * @throws Problem `invalid_request` where the range ends before it starts, `query_invalid`
 */
export function toSelection(request: SelectionRequest, now: () => number = Date.now): Asked {
  const to = timeOf(request.end_time, now) ?? nowNs(now);
  const from = timeOf(request.start_time, now) ?? to - DAY_NS;
  if (from >= to) throw emptyRange();
  return { from, to, filter: filterOf(request, now) };
}

/** The filter tree of a request: an empty `all` matches everything. */
function filterOf(request: SelectionRequest, now: () => number): Filter {
  const { level, service, search = '', query = '', filters = {} } = request;
  return {
    kind: 'all',
    of: [
      ...(level === undefined ? [] : [{ kind: 'level', words: listOf(level) } as const]),
      ...(service === undefined ? [] : [equals('service', service)]),
      ...searchFilters(search),
      ...(query.trim() === '' ? [] : [parseQuery(query, now)]),
      ...Object.entries(filters).map(([field, values]) => equals(field, values)),
    ],
  };
}

type Scalar = string | number | boolean;

function equals(field: string, values: Scalar | readonly Scalar[]): Filter {
  return { kind: 'equals', field, values: listOf(values) };
}

/** One value or several, as a list. */
export function listOf<T extends Scalar>(values: T | readonly T[]): readonly T[] {
  return typeof values === 'object' ? values : [values];
}

function timeOf(value: string | number | undefined, now: () => number): bigint | undefined {
  return value === undefined ? undefined : parseTime(value, now);
}

function emptyRange(): Problem {
  return new Problem('invalid_request', 'The time range is empty.', {
    errors: [
      { path: 'start_time', message: 'is not before end_time', mend: 'Send a start_time before end_time.' },
    ],
  });
}
