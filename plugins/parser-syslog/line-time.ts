import {
  createBsdTimeWriter,
  createLocalTimeWriter,
  scanBsdTime,
  scanDateTime,
  scanRfc3339,
  scanZone,
  type BsdTime,
  type LocalTimeWriter,
  type ParseContext,
} from '#plugin-kit';

/** The time of a line, and where it ends: a colon behind it, as Cisco's devices write it, is left out. */
export interface LineTime {
  /** RFC 3339. */
  readonly timestamp: string;
  readonly hasYear: boolean;
  /** Whether it stands as RFC 3339 has it. */
  readonly isStrict: boolean;
  readonly end: number;
}

/** Reads the time at a place of a line; undefined where there is none, or none that ends there. */
export type LineTimeScanner = (text: string, at: number) => LineTime | undefined;

const SPACE = 0x20;
const COLON = 0x3a;
const NINE = 0x39;
const WEEKDAYS = new Set(['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']);
const YEAR = / ((?:19|20)\d\d)(?=[ :]|$)/y;
/** `TZ-6` of RFC 3164 5.4. */
const HOURS = / TZ([+-])(\d{1,2})(?=[ :]|$)/y;

/** Makes what reads times that stand without a zone in the zone of the lines' source, UTC unless it is said. */
export function createLineTimeScanner({ receivedAt, zone }: ParseContext): LineTimeScanner {
  const writeUtc = createBsdTimeWriter(receivedAt);
  const [writeBsd, writeLocal] = [createBsdTimeWriter(receivedAt, zone), createLocalTimeWriter(zone)];
  return (text, at) => {
    if (text.charCodeAt(at) > NINE) return scanMonthFirst(text, at, { writeBsd, writeUtc });
    const end = scanRfc3339(text, at);
    if (end >= 0 && isEnd(text, end))
      return { timestamp: text.slice(at, end), hasYear: true, isStrict: true, end: skipColon(text, end) };
    return scanLoosely(text, at, writeLocal) ?? scanMonthFirst(text, at, { writeBsd, writeUtc });
  };
}

function scanLoosely(text: string, at: number, writeLocal: LocalTimeWriter): LineTime | undefined {
  const time = scanDateTime(text, at);
  if (!time || !isEnd(text, time.end)) return undefined;
  const timestamp = time.zone === undefined ? writeLocal(time.local) : time.local + time.zone;
  return { timestamp, hasYear: true, isStrict: false, end: skipColon(text, time.end) };
}

interface BsdWriters {
  readonly writeBsd: (time: BsdTime) => string;
  readonly writeUtc: (time: BsdTime) => string;
}

function scanMonthFirst(text: string, at: number, { writeBsd, writeUtc }: BsdWriters): LineTime | undefined {
  const hasWeekday = WEEKDAYS.has(text.slice(at, at + 3)) && text.charCodeAt(at + 3) === SPACE;
  const bsd = scanBsdTime(text, hasWeekday ? at + 4 : at);
  if (!bsd) return undefined;
  const rest = scanRest(text, bsd.end);
  if (!isEnd(text, rest.end)) return undefined;
  const time = bsd.year === undefined && rest.year !== undefined ? { ...bsd, year: rest.year } : bsd;
  const timestamp = rest.zone === undefined ? writeBsd(time) : writeUtc(time).slice(0, -1) + rest.zone;
  return { timestamp, hasYear: time.year !== undefined, isStrict: false, end: skipColon(text, rest.end) };
}

interface TimeRest {
  readonly year?: number | undefined;
  readonly zone?: string | undefined;
  readonly end: number;
}

/** A year (Junos), a zone (Cisco), or both (RFC 3164 5.4) behind the time of day. */
function scanRest(text: string, at: number): TimeRest {
  if (text.charCodeAt(at) !== SPACE) return { end: at };
  const year = matchAt(YEAR, text, at)?.[1];
  const from = year === undefined ? at : at + 5;
  const zone = scanOffset(text, from);
  if (!zone) return { year: year === undefined ? undefined : Number(year), end: from };
  const last = year === undefined ? matchAt(YEAR, text, zone.end)?.[1] : undefined;
  const given = year ?? last;
  return {
    year: given === undefined ? undefined : Number(given),
    zone: zone.offset,
    end: last === undefined ? zone.end : zone.end + 5,
  };
}

/** A host's name that begins like a zone, `PST-1`, is none. */
function scanOffset(text: string, at: number): { readonly offset: string; readonly end: number } | undefined {
  if (text.charCodeAt(at) !== SPACE) return undefined;
  const hours = matchAt(HOURS, text, at);
  if (hours)
    return { offset: `${hours[1]}${(hours[2] ?? '').padStart(2, '0')}:00`, end: at + hours[0].length };
  const zone = scanZone(text, at + 1);
  const isWhole = zone && (isEnd(text, zone.end) || text.charCodeAt(zone.end) === COLON);
  return zone?.offset !== undefined && isWhole ? { offset: zone.offset, end: zone.end } : undefined;
}

/** A time ends where a space, a colon that no digit follows, or nothing is. */
function isEnd(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return at >= text.length || code === SPACE || code === COLON;
}

function skipColon(text: string, at: number): number {
  return text.charCodeAt(at) === COLON ? at + 1 : at;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
