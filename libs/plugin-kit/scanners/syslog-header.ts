import { scanRfc3339 } from './rfc3339.js';

/** What stands between the priority and the structured data of an RFC 5424 message; `-` is undefined. */
export interface SyslogHeader {
  /** 1 to 999; there is only 1 as yet. */
  readonly version: number;
  /** RFC 3339, as it came. */
  readonly timestamp: string | undefined;
  readonly host: string | undefined;
  readonly application: string | undefined;
  readonly procid: string | undefined;
  readonly msgid: string | undefined;
  /** Index after the space behind it: where the structured data begins. */
  readonly end: number;
}

/** The parts of the header, in order; a refusal names the first that is wrong. */
export type SyslogHeaderPart = 'version' | 'timestamp' | 'host' | 'application' | 'procid' | 'msgid';

const VERSION = /([1-9]\d{0,2}) /y;
/** HOSTNAME, APP-NAME, PROCID, MSGID: printable ASCII, of these lengths. */
const NAMES = /([!-~]{1,255}) ([!-~]{1,48}) ([!-~]{1,128}) ([!-~]{1,32}) /y;
const LONGEST: readonly (readonly [SyslogHeaderPart, number])[] = [
  ['host', 255],
  ['application', 48],
  ['procid', 128],
  ['msgid', 32],
];

/** Whether a version and a space, or the end, stand at `at`: then the message means to be one of RFC 5424. */
export function isSyslogVersion(text: string, at: number): boolean {
  return /^[1-9]\d{0,2}(?: |$)/.test(text.slice(at, at + 4));
}

/** Reads the header at `at`, which is after the priority; where it isn't one, the part that is wrong. */
export function scanSyslogHeader(text: string, at: number): SyslogHeader | SyslogHeaderPart {
  VERSION.lastIndex = at;
  const version = VERSION.exec(text)?.[1];
  if (version === undefined) return 'version';
  const time = at + version.length + 1;
  const timeEnd = text[time] === '-' ? time + 1 : scanRfc3339(text, time);
  if (timeEnd < 0 || text[timeEnd] !== ' ') return 'timestamp';
  NAMES.lastIndex = timeEnd + 1;
  const names = NAMES.exec(text);
  if (!names) return wrongName(text, timeEnd + 1);
  return {
    version: Number(version),
    timestamp: given(text.slice(time, timeEnd)),
    host: given(names[1]),
    application: given(names[2]),
    procid: given(names[3]),
    msgid: given(names[4]),
    end: NAMES.lastIndex,
  };
}

function given(text: string | undefined): string | undefined {
  return text === '-' ? undefined : text;
}

/** The first of the names that is empty, too long, cut off, or has a character that it may not have. */
function wrongName(text: string, at: number): SyslogHeaderPart {
  let from = at;
  for (const [part, longest] of LONGEST) {
    const end = text.slice(from, from + longest + 1).indexOf(' ');
    if (end < 1 || !/^[!-~]+$/.test(text.slice(from, from + end))) return part;
    from += end + 1;
  }
  return 'msgid';
}
