import {
  createDeviceTimeScanner,
  createLocalTimeWriter,
  readDeviceTime,
  readEventTime,
  type ParseContext,
} from '#plugin-kit';

/**
 * Reads the time that a text is: undefined where it is none, null where every event type reads it as it stands, else as RFC
 * 3339.
 */
export type JsonTimeReader = (text: string) => string | null | undefined;

const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec';
/** RFC 5322 3.3 and the common log format: `Sun, 01 Mar 2026 18:46:11 +0100`, `01/Mar/2026:18:46:11 +0100`. */
const DAY_FIRST =
  /^(?:[A-Z][a-z]{2}, )?(\d{1,2})[ /-]([A-Z][a-z]{2})[ /-](\d{4})[ :](\d\d:\d\d:\d\d(?:\.\d{1,9})?)(?: ?([+-]\d\d):?(\d\d)| (?:GMT|UTC|Z))?$/;
const WITH_OFFSET = /(?:Z|GMT|UTC|[+-]\d\d(?::?\d\d)?)$/;
/** Longer texts are no times. */
const LONGEST = 64;

/** Times without a zone are in that of the lines' source. */
export function createJsonTimeReader(context: ParseContext): JsonTimeReader {
  const { zone } = context;
  const writeLocal = createLocalTimeWriter(zone);
  const scanDevice = createDeviceTimeScanner(context);
  return (text) => {
    if (text.length > LONGEST) return undefined;
    const isRead = readEventTime(text) !== undefined;
    const isLocal = isRead && zone !== undefined && text.includes(':') && !WITH_OFFSET.test(text);
    if (isRead && !isLocal) return null;
    return readDeviceTime(text, scanDevice)?.timestamp ?? readDayFirst(text, writeLocal);
  };
}

function readDayFirst(text: string, writeLocal: (local: string) => string): string | undefined {
  const match = DAY_FIRST.exec(text);
  const month = match ? MONTHS.indexOf(match[2] as string) / 3 + 1 : 0;
  if (!match || month < 1 || !Number.isInteger(month)) return undefined;
  const [, day = '', , year = '', clock = '', hours, minutes] = match;
  const local = `${year}-${String(month).padStart(2, '0')}-${day.padStart(2, '0')}T${clock}`;
  const offset = hours === undefined ? (WITH_OFFSET.test(text) ? 'Z' : undefined) : `${hours}:${minutes}`;
  const timestamp = offset === undefined ? writeLocal(local) : local + offset;
  return readEventTime(timestamp) === undefined ? undefined : timestamp;
}
