import { scanPriority } from '#plugin-kit';

const LESS = 0x3c;
const SPACE = 0x20;
const COLON = 0x3a;
const TEE = 0x54;
/** Far enough for a time, a host and a program. */
const LOOKED_AT = 320;
/** A priority, whatever follows. */
const HAS_PRIORITY = 0.6;
/** A time, a host and a program in RFC 3339's form could be something else. */
const LOOKS_LIKE_FILE = 0.5;

const MONTHS = new Set(['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']);
/** `2024-05-01T10:00:00.123456+00:00 host program[1]:`, as rsyslog writes files. */
const FILE_FORMAT =
  /^\d{4}-\d\d-\d\dT[\d:]{8}(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d) [^\s[\]=:"]{1,255} [\w./(][^\s:[\]]{0,127}(?:\[\d{1,10}\])?: /;
const LEVEL_WORD = /^\S+ (?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|FATAL|CRITICAL) /i;

/** How sure it is that the line is syslog, by its first bytes. */
export function sniffSyslog(line: Uint8Array): number {
  const first = line[0] ?? 0;
  if (first === LESS) return sniffPriority(line);
  if (line[3] === SPACE) return isBsdTime(line, 0) ? 1 : 0;
  return line[10] === TEE ? sniffFile(line) : 0;
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
  return hasColon && line[at + 3] === SPACE && MONTHS.has(textOf(line.subarray(at), 3));
}

/** A word for a level where the host should be is a program's own log. */
function sniffFile(line: Uint8Array): number {
  const text = textOf(line, LOOKED_AT);
  return FILE_FORMAT.test(text) && !LEVEL_WORD.test(text) ? LOOKS_LIKE_FILE : 0;
}

function isDigitOrSpace(byte = SPACE): boolean {
  return byte === SPACE || (byte >= 0x30 && byte <= 0x39);
}

function textOf(line: Uint8Array, length: number): string {
  return Buffer.from(line.buffer, line.byteOffset, Math.min(length, line.byteLength)).toString('latin1');
}
