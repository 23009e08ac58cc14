/** Writes a local time, `2026-11-21T12:00:00.5`, with its offset. */
export type LocalTimeWriter = (local: string) => string;

const OFFSET = /^[+-](?:[01]\d|2[0-3]):[0-5]\d$/;
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** Minutes of which the offset is kept, and zones. */
const MOST_KEPT = 1_000;

/**
 * What makes RFC 3339 of local times in a zone. A time that a clock shows twice, when it is set back, is the first; one
 * that it never shows is read with the offset before the jump.
 *
 * @param zone an IANA name, or an offset such as `+02:00`; default UTC
 * @throws RangeError where there is no such zone; {@link isZone} says so beforehand
 */
export function createLocalTimeWriter(zone?: string): LocalTimeWriter {
  if (zone === undefined || zone === 'UTC') return (local) => `${local}Z`;
  if (OFFSET.test(zone)) return (local) => local + zone;
  const format = formatOf(zone);
  const kept = new Map<string, string>();
  return (local) => {
    const minute = local.slice(0, 16);
    const known = kept.get(minute);
    if (known !== undefined) return local + known;
    if (kept.size >= MOST_KEPT) kept.clear();
    const offset = offsetText(localOffset(format, Date.parse(`${minute}:00Z`)));
    kept.set(minute, offset);
    return local + offset;
  };
}

/** Whether there is such a zone: an IANA name, or an offset such as `+02:00`. */
export function isZone(zone: string): boolean {
  if (OFFSET.test(zone)) return true;
  try {
    formatOf(zone);
    return true;
  } catch {
    return false;
  }
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making one takes longer than parsing a thousand lines. */
function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  if (formats.size >= MOST_KEPT) formats.clear();
  formats.set(zone, format);
  return format;
}

/** Milliseconds by which the zone's clocks are ahead of UTC when they show `local`, written as if it were UTC. */
function localOffset(format: Intl.DateTimeFormat, local: number): number {
  const before = offsetAt(format, local - DAY_MS);
  const after = offsetAt(format, local + DAY_MS);
  if (before === after || offsetAt(format, local - before) === before) return before;
  return offsetAt(format, local - after) === after ? after : before;
}

function offsetAt(format: Intl.DateTimeFormat, utc: number): number {
  const [month = 1, day = 1, year = 0, hour = 0, minute = 0, second = 0] = (
    format.format(utc).match(/\d+/g) ?? []
  ).map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second) - utc;
}

/** In whole minutes, as RFC 3339 has it: zones had seconds until 1972. */
function offsetText(offset: number): string {
  const minutes = Math.abs(Math.trunc(offset / MINUTE_MS));
  const [hours, rest] = [Math.trunc(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0'));
  return `${offset < 0 ? '-' : '+'}${hours}:${rest}`;
}
