import { createLocalTimeWriter, daysOfMonth, scanRfc3339, type ParseContext } from '#plugin-kit';

/** Reads `10/Oct/2000:13:55:36 -0700` or an RFC 3339 time that a text begins with; undefined where it begins with none. */
export type AccessTimeReader = (text: string, at: number) => AccessTime | undefined;

/** A time as RFC 3339, and the index after it. */
export interface AccessTime {
  readonly timestamp: string;
  readonly end: number;
}

const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec';
const TIME =
  /(0[1-9]|[12]\d|3[01])\/([A-Z][a-z]{2})\/(\d{4}):((?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)(?:[.,](\d{1,9}))?(?: ([+-](?:[01]\d|2[0-3])):?([0-5]\d))?/y;

/** Times without a zone, which some write, are in the zone of the lines' source. */
export function createAccessTimeReader({ zone }: ParseContext): AccessTimeReader {
  const writeLocal = createLocalTimeWriter(zone);
  return (text, at) => {
    const strict = scanRfc3339(text, at);
    if (strict >= 0) return { timestamp: text.slice(at, strict), end: strict };
    TIME.lastIndex = at;
    const match = TIME.exec(text);
    if (!match) return undefined;
    const [, day = '', name = '', year = '', clock, fraction, hours, minutes] = match;
    const month = MONTHS.indexOf(name) / 3 + 1;
    if (month < 1 || !Number.isInteger(month) || Number(day) > daysOfMonth(Number(year), month))
      return undefined;
    const date = `${year}-${String(month).padStart(2, '0')}-${day}`;
    const local = `${date}T${clock}${fraction === undefined ? '' : `.${fraction}`}`;
    const timestamp = hours === undefined ? writeLocal(local) : `${local}${hours}:${minutes}`;
    return { timestamp, end: TIME.lastIndex };
  };
}
