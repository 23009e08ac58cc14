import type { DeviceTimeScanner } from './device-time.js';
import { scanPriority, type Priority } from './priority.js';
import { addField } from './repeated-field.js';
import { scanStructuredData } from './structured-data.js';
import { isSyslogVersion, scanSyslogHeader } from './syslog-header.js';

/** What a syslog header before another format's text says, as far as it can be read. */
export interface SyslogPrefix {
  /** RFC 3339. */
  readonly timestamp: string | undefined;
  readonly host: string | undefined;
  /** The program's name: APP-NAME, or that of the TAG. */
  readonly service: string | undefined;
  readonly priority: Priority | undefined;
  /** `syslog.priority` and the other attributes of syslog, by their names. */
  readonly attributes: Readonly<Record<string, unknown>>;
  /** What was assumed of the time, one sentence each. */
  readonly warnings: readonly string[];
  /** Text that is no part of a syslog header; empty where all could be read. */
  readonly unread: string;
}

const HOST = /[^\s<>"'()[\]{}=,;|]{1,255}/y;
const TAG = /([A-Za-z0-9_./-][^\s:[\]]{0,127})(?:\[([^\][\s]{1,128})\])?:(?: |$)/y;
const OCTET_COUNT = /^\d{1,7} (?=<\d)/;
const FILLERS = /[\s\ufeff-]*/y;

/**
 * Reads the header that stands before a text of CEF or LEEF: `<PRI>`, and the header of RFC 5424 with its structured data,
 * or a time (in any form that {@link DeviceTimeScanner} knows), a host and a program; each of them may be missing. A count
 * of octets that a relay left before it (RFC 6587 3.4.1) is passed over.
 *
 * @param before all that stands before the text
 */
export function readSyslogPrefix(before: string, scanTime: DeviceTimeScanner): SyslogPrefix {
  const prefix = before.replace(OCTET_COUNT, '');
  const priority = scanPriority(prefix);
  const at = priority?.end ?? 0;
  const strict = priority && isSyslogVersion(prefix, at) ? readRfc5424(prefix, priority) : undefined;
  return strict ?? readLoosely(prefix, priority, scanTime);
}

function readRfc5424(prefix: string, priority: Priority): SyslogPrefix | undefined {
  const header = scanSyslogHeader(prefix, priority.end);
  const data = typeof header === 'string' ? undefined : scanStructuredData(prefix, header.end);
  if (!data || typeof header === 'string') return undefined;
  const { timestamp, host, application: service, version, procid, msgid } = header;
  const attributes = attributesOf(priority);
  attributes['syslog.version'] = version;
  if (procid) attributes['syslog.procid'] = procid;
  if (msgid) attributes['syslog.msgid'] = msgid;
  for (const { id, parameters } of data.elements) {
    const name = `syslog.structured_data.${id}`;
    if (parameters.length === 0) attributes[name] = {};
    for (const [key, value] of parameters) addField(attributes, `${name}.${key}`, value);
  }
  return { timestamp, host, service, priority, attributes, warnings: [], unread: restOf(prefix, data.end) };
}

/** `1 ` of RFC 5424 is passed over where its other parts are missing, as in LEEF's own examples. */
function readLoosely(
  prefix: string,
  priority: Priority | undefined,
  scanTime: DeviceTimeScanner,
): SyslogPrefix {
  const attributes = attributesOf(priority);
  let at = skipFillers(prefix, priority?.end ?? 0);
  if (priority && /^1 \d{4}-/.test(prefix.slice(at, at + 7))) at += 2;
  const time = scanTime(prefix, at);
  const from = skipFillers(prefix, time?.end ?? at);
  const names = readNames(prefix, from, time !== undefined || priority !== undefined);
  // Without a time a single word is a host; several are no header.
  const { host, service, procid, end } = time || restOf(prefix, names.end) === '' ? names : { end: from };
  if (procid) attributes['syslog.procid'] = procid;
  const { timestamp, warnings = [] } = time ?? {};
  return { timestamp, host, service, priority, attributes, warnings, unread: restOf(prefix, end) };
}

interface Names {
  readonly host?: string | undefined;
  readonly service?: string | undefined;
  readonly procid?: string | undefined;
  readonly end: number;
}

/** @param isHeader whether a priority or a time stands before the names */
function readNames(prefix: string, at: number, isHeader: boolean): Names {
  const host = isHeader && !isTag(prefix, at) ? matchAt(HOST, prefix, at)?.[0] : undefined;
  const from = skipFillers(prefix, at + (host?.length ?? 0));
  const [tag = '', service, procid] = matchAt(TAG, prefix, from) ?? [];
  return { host, service, procid, end: from + tag.length };
}

function isTag(prefix: string, at: number): boolean {
  return matchAt(TAG, prefix, at) !== null;
}

function attributesOf(priority: Priority | undefined): Record<string, unknown> {
  if (!priority) return {};
  return {
    'syslog.priority': priority.priority,
    'syslog.facility': priority.facility,
    'syslog.severity': priority.severity,
  };
}

function restOf(prefix: string, from: number): string {
  return prefix.slice(skipFillers(prefix, from)).trim();
}

function skipFillers(prefix: string, at: number): number {
  return at + (matchAt(FILLERS, prefix, at)?.[0].length ?? 0);
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
