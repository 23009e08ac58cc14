import {
  readLineText,
  readSyslogPrefix,
  type BarHeader,
  type ParseContext,
  type ParsedLine,
} from '#plugin-kit';
import { cefEvent } from './cef-event.js';
import { scanCefExtension } from './cef-extension.js';
import { HEADER_FIELDS, scanCefHeader, withLastSeverity } from './cef-header.js';
import { createKeyReader, type CefKey, type CefRoles } from './cef-keys.js';
import { createCefTimeReader, type CefTimeReader } from './cef-time.js';

/** What the lines of a block are read with. */
interface Readers {
  readonly keyOf: (key: string) => CefKey;
  readonly times: CefTimeReader;
}

/** Reads lines of CEF, bare or under a syslog header. */
export function parseCef(lines: readonly Uint8Array[], context: ParseContext): readonly ParsedLine[] {
  const readers = { keyOf: createKeyReader(), times: createCefTimeReader(context) };
  return lines.map((line) => parseLine(line, readers));
}

/** What is read otherwise than the standard has it makes the answer partial; what is only assumed is a warning. */
function parseLine(line: Uint8Array, { keyOf, times }: Readers): ParsedLine {
  const { text, isReplaced } = readLineText(line);
  const found = scanCefHeader(text);
  if (!found) return refused('not_cef', 'Nowhere in it stands CEF:0| or another version.');
  const header = withLastSeverity(text, found);
  const extension = scanCefExtension(text, header.end);
  const isWhole = header.fields.length === HEADER_FIELDS.length;
  if (!isWhole && (extension.keys.length === 0 || extension.unread !== ''))
    return refused('bad_header', BAD_HEADER);
  const prefix = header.begin > 0 ? readSyslogPrefix(text.slice(0, header.begin), times.scan) : undefined;
  const keys = extension.keys.map(keyOf);
  const roles = rolesOf(keys, extension.values);
  const time = times.read(roles);
  const timestamp = time.timestamp ?? prefix?.timestamp;
  const event = cefEvent({ timestamp, prefix, header, extension, keys, roles });
  const faults = [...headerFaults(header, found, prefix?.unread), ...extension.faults];
  if (isReplaced) faults.push(NO_UTF8);
  const assumed = time.timestamp === undefined ? (prefix?.warnings ?? []) : [];
  return answerOf(event, faults, [...time.warnings, ...assumed]);
}

function answerOf(
  event: Readonly<Record<string, unknown>>,
  faults: readonly string[],
  assumed: readonly string[],
): ParsedLine {
  if (faults.length > 0)
    return { kind: 'event', confidence: 'partial', event, warnings: [...faults, ...assumed] };
  return assumed.length > 0 ? { kind: 'event', event, warnings: assumed } : { kind: 'event', event };
}

const NO_UTF8 = 'It has bytes that are no UTF-8: U+FFFD stands in their places.';
const SHOWN = 60;
const BAD_HEADER =
  'The header is cut: behind CEF and its version stand a vendor, a product, a version, a class id, a name and a severity, each ended by a bar.';

function rolesOf(keys: readonly CefKey[], values: readonly string[]): CefRoles {
  const roles: CefRoles = {};
  for (let at = 0; at < keys.length; at += 1) {
    const role = keys[at]?.role;
    if (role !== undefined) roles[role] ??= values[at] as string;
  }
  return roles;
}

/**
 * @param found the header before it was mended
 * @param before text before it that is no syslog header
 */
function headerFaults(header: BarHeader, found: BarHeader, before = ''): string[] {
  const faults: string[] = [];
  if (before !== '') faults.push(`Before CEF stands what is no syslog header: ${before.slice(0, SHOWN)}`);
  if (header.fields.length < HEADER_FIELDS.length) faults.push('The header is cut before the extension.');
  if (header !== found) faults.push('There is no bar behind the severity.');
  if (header.fields.some(isBlank)) {
    const empty = HEADER_FIELDS.filter(
      (_name, at) => header.fields[at] !== undefined && isBlank(header.fields[at]),
    );
    faults.push(`Fields of the header are empty: ${empty.join(', ')}.`);
  }
  return faults;
}

function isBlank(field: string): boolean {
  return field === '' || (field.startsWith(' ') && field.trim() === '');
}

function refused(reason: string, message: string): ParsedLine {
  return { kind: 'refused', reason, message };
}
