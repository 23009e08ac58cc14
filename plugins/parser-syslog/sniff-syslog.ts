import { scanPriority } from '#plugin-kit';

const LESS = 0x3c;
const SPACE = 0x20;
const COLON = 0x3a;
const DEE = 0x64;
const STAR = 0x2a;
const DOT = 0x2e;
/** Far enough for a time, a host and a program. */
const LOOKED_AT = 320;
/** A priority, whatever follows. */
const HAS_PRIORITY = 0.6;
/** A time, a host and a program in RFC 3339's form could be something else. */
const LOOKS_LIKE_FILE = 0.5;

/** Another format under a syslog header is its own parser's. */
const CARRIES_OTHER = 0.7;
/** A Cisco device's own header, without a priority, as its console shows it. */
const LOOKS_LIKE_CISCO = 0.6;
const OTHERS = ['CEF:', 'LEEF:'] as const;

const MONTHS = new Set(['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']);
/** `2024-05-01T10:00:00.123456+00:00 host program[1]:`, as rsyslog writes files. */
const FILE_FORMAT =
  /^\d{4}-\d\d-\d\dT[\d:]{8}(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d) [^\s[\]=:"]{1,255} [\w./(][^\s:[\]]{0,127}(?:\[\d{1,10}\])?: /;
/** RFC 5424 without its priority: a version, or structured data, tells it. */
const HEADLESS =
  /^(?:1 \d{4}-\d\d-\d\dT|\d{4}-\d\d-\d\dT[\d:]{8}(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d) [!-~]{1,255} [!-~]{1,48} [!-~]{1,128} [!-~]{1,32} \[[^ \]=]{1,32}[ \]])/;
const CISCO = /^[*.:\d][^%]{0,80}: %[A-Z][A-Za-z0-9_-]{0,60}-[0-7]-\w{1,60}:/;
const FORTINET = /^date=\d{4}-\d\d-\d\d time=\d\d:\d\d:\d\d /;
const LEVEL_WORD = /^\S+ (?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|FATAL|CRITICAL) /i;

/** How sure it is that the line is syslog, by its first bytes. */
export function sniffSyslog(line: Uint8Array): number {
  const sure = sniffBeginning(line);
  return sure > CARRIES_OTHER && carriesOther(line) ? CARRIES_OTHER : sure;
}

function sniffBeginning(line: Uint8Array): number {
  const first = line[0] ?? 0;
  if (first === LESS) return sniffPriority(line);
  if (line[3] === SPACE && isBsdTime(line, 0)) return 1;
  if (first === DEE) return FORTINET.test(textOf(line, LOOKED_AT)) ? 1 : 0;
  return isTimeLike(first) ? sniffFile(line) : 0;
}

/** Digits, and what stands before Cisco's times. */
function isTimeLike(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || byte === STAR || byte === DOT || byte === COLON;
}

function carriesOther(line: Uint8Array): boolean {
  const text = Buffer.from(line.buffer, line.byteOffset, Math.min(LOOKED_AT, line.byteLength));
  return OTHERS.some((mark) => text.includes(mark));
}

function sniffPriority(line: Uint8Array): number {
  const end = scanPriority(textOf(line, 5))?.end;
  if (end === undefined) return 0;
  const next = line[end] ?? 0;
  const isVersion = next >= 0x31 && next <= 0x39 && isDigitOrSpace(line[end + 1]);
  return isVersion || isBsdTime(line, end) ? 1 : HAS_PRIORITY;
}

/** The colons of a time of day tell it cheaply; the month's name makes it sure. */
function isBsdTime(line: Uint8Array, at: number): boolean {
  const hasColon =
    line[at + 9] === COLON || line[at + 8] === COLON || line[at + 13] === COLON || line[at + 14] === COLON;
  return hasColon && line[at + 3] === SPACE && MONTHS.has(textOf(line.subarray(at), 3).toLowerCase());
}

/** A word for a level where the host should be is a program's own log. */
function sniffFile(line: Uint8Array): number {
  const text = textOf(line, LOOKED_AT);
  if (CISCO.test(text)) return LOOKS_LIKE_CISCO;
  return (FILE_FORMAT.test(text) || HEADLESS.test(text)) && !LEVEL_WORD.test(text) ? LOOKS_LIKE_FILE : 0;
}

function isDigitOrSpace(byte = SPACE): boolean {
  return byte === SPACE || (byte >= 0x30 && byte <= 0x39);
}

function textOf(line: Uint8Array, length: number): string {
  return Buffer.from(line.buffer, line.byteOffset, Math.min(length, line.byteLength)).toString('latin1');
}
