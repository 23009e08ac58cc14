import {
  createDeviceTimeScanner,
  readLineText,
  readSyslogPrefix,
  scanBarHeader,
  type BarHeader,
  type DeviceTimeScanner,
  type ParseContext,
  type ParsedLine,
} from '#plugin-kit';
import { scanLeefAttributes } from './leef-attributes.js';
import { findDelimiter } from './leef-delimiter.js';
import { HEADER_FIELDS, leefEvent } from './leef-event.js';
import { readLeefTime } from './leef-time.js';

/** Reads lines of LEEF, bare or under a syslog header. */
export function parseLeef(lines: readonly Uint8Array[], context: ParseContext): readonly ParsedLine[] {
  const scan = createDeviceTimeScanner(context);
  return lines.map((line) => parseLine(line, scan, context));
}

/** What is read otherwise than LEEF has it makes the answer partial; what is only assumed is a warning. */
function parseLine(line: Uint8Array, scan: DeviceTimeScanner, context: ParseContext): ParsedLine {
  const { text, isReplaced } = readLineText(line);
  const header = scanBarHeader(text, 'LEEF', HEADER_FIELDS.length);
  if (!header) return refused('not_leef', 'Nowhere in it stands LEEF:1.0| or another version.');
  if (header.fields.length < HEADER_FIELDS.length) return refused('bad_header', BAD_HEADER);
  const { declared, between, begin, faults: found } = findDelimiter(text, header.end, header.version);
  const { pairs, unread, faults: read } = scanLeefAttributes(text.slice(begin), between);
  const prefix = header.begin > 0 ? readSyslogPrefix(text.slice(0, header.begin), scan) : undefined;
  const time = readLeefTime(pairs, scan, context);
  const timestamp = time.timestamp ?? prefix?.timestamp;
  const event = leefEvent({ timestamp, prefix, header, delimiter: declared, pairs, unread });
  const faults = [...headerFaults(header, prefix?.unread), ...found, ...read];
  if (isReplaced) faults.push(NO_UTF8);
  const assumed = time.timestamp === undefined ? (prefix?.warnings ?? []) : [];
  const warnings = [...faults, ...time.warnings, ...assumed];
  if (warnings.length === 0) return { kind: 'event', event };
  return { kind: 'event', event, warnings, ...(faults.length > 0 && { confidence: 'partial' }) };
}

const BAD_HEADER =
  'The header is cut: behind LEEF and its version stand a vendor, a product, a version and an event id, each ended by a bar.';
const NO_UTF8 = 'It has bytes that are no UTF-8: U+FFFD stands in their places.';
const SHOWN = 60;

/** @param before text before the header that is no syslog header */
function headerFaults({ fields }: BarHeader, before = ''): readonly string[] {
  const faults: string[] = [];
  if (before !== '') faults.push(`Before LEEF stands what is no syslog header: ${before.slice(0, SHOWN)}`);
  const empty = HEADER_FIELDS.filter((_name, at) => fields[at]?.trim() === '');
  if (empty.length > 0) faults.push(`Fields of the header are empty: ${empty.join(', ')}.`);
  return faults;
}

function refused(reason: string, message: string): ParsedLine {
  return { kind: 'refused', reason, message };
}
