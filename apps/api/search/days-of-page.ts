import { isEverything, type EventQuery, type EventSelection } from '#plugin-kit';
import type { ArchivedUnit } from '#archived-units';
import type { ArchivedDay } from './held-days.js';

/** Times of a unit, counted so that greater ones come first in the page. */
interface Placed {
  /** Of the event that comes first, and of the one that comes last. */
  readonly first: bigint;
  readonly last: bigint;
}

/**
 * Those of the days whose files a page of events can need. The first page of whatever there is needs those that its events lie
 * in: of other days that are of the time as a whole it is known how many events they have.
 */
export function daysOfPage(query: EventQuery, days: readonly ArchivedDay[]): readonly ArchivedDay[] {
  if (query.after !== undefined || !isEverything(query.filter)) return days;
  return query.streams.flatMap((stream) => {
    const own = days.filter((day) => day.stream === stream);
    const end = endOfPage(query, own);
    const isNeeded = ({ unit }: ArchivedDay): boolean =>
      end === undefined || !isWhole(query, unit) || placed(query, unit).first >= end;
    return own.filter(isNeeded);
  });
}

/** A time that the page doesn't reach beyond, since events enough come before it; undefined where nothing says so. */
function endOfPage(query: EventQuery, days: readonly ArchivedDay[]): bigint | undefined {
  const whole = days.flatMap(({ unit }) =>
    isWhole(query, unit) ? [{ ...placed(query, unit), events: unit.events }] : [],
  );
  let end: bigint | undefined;
  // One more than the page has says that there are more.
  let missing = query.limit + 1;
  for (const { last, events } of whole.toSorted((a, b) => (a.first < b.first ? 1 : -1))) {
    if (missing <= 0) return end;
    missing -= events;
    end = end === undefined || last < end ? last : end;
  }
  return end;
}

/** Whether all its events are of the question's time. */
function isWhole({ from, to }: EventSelection, { oldest, newest }: ArchivedUnit): boolean {
  return BigInt(oldest) >= from && BigInt(newest) < to;
}

function placed({ order }: EventQuery, unit: ArchivedUnit): Placed {
  const [oldest, newest] = [BigInt(unit.oldest), BigInt(unit.newest)];
  return order === 'desc' ? { first: newest, last: oldest } : { first: -oldest, last: -newest };
}
