import {
  scanStructuredData,
  scanSyslogHeader,
  type ParsedLine,
  type Priority,
  type StructuredElement,
  type SyslogHeaderPart,
} from '#plugin-kit';
import { refused, syslogEvent, type SyslogEvent } from './syslog-event.js';

const BYTE_ORDER_MARK = '\ufeff';

/** What the RFC says of each part, and so what a line without it lacks. */
const RULES: Readonly<Record<SyslogHeaderPart, string>> = {
  version: 'a version of 1 to 3 digits and a space',
  timestamp: 'a time such as 2003-10-11T22:14:15.003Z, with a zone, or -',
  host: 'a host name of at most 255 printable ASCII characters, or -',
  application: 'an application name of at most 48 printable ASCII characters, or -',
  procid: 'a process id of at most 128 printable ASCII characters, or -',
  msgid: 'a message id of at most 32 printable ASCII characters, or -',
};

/**
 * Reads `<PRI>VERSION TIMESTAMP HOSTNAME APP-NAME PROCID MSGID STRUCTURED-DATA [MSG]`, strictly. The priority may be
 * missing, as in files; that is the caller's to know.
 */
export function parseRfc5424(text: string, priority: Priority | undefined): ParsedLine {
  const header = scanSyslogHeader(text, priority?.end ?? 0);
  if (typeof header === 'string')
    return readMeraki(text, priority) ?? refused(`bad_${header}`, `RFC 5424 wants ${RULES[header]}.`);
  const data = scanStructuredData(text, header.end);
  if (!data || (data.end < text.length && text[data.end] !== ' '))
    return refused('bad_structured_data', BAD_DATA);
  const { timestamp, host, application: service } = header;
  const event = syslogEvent({ timestamp, host, service, message: messageOf(text, data.end + 1) }, priority);
  event['syslog.version'] = header.version;
  if (header.procid) event['syslog.procid'] = header.procid;
  if (header.msgid) event['syslog.msgid'] = header.msgid;
  for (const element of data.elements) addElement(event, element);
  return { kind: 'event', event };
}

/** Where the priority and the version are cut off, structured data in its place tells a line of the RFC. */
const HEADLESS = /\d{4}-\d\d-\d\dT\S{8,24} [!-~]{1,255} [!-~]{1,48} [!-~]{1,128} [!-~]{1,32} \[/y;

/** Whether the line is one of RFC 5424 without its priority: version and time, or time and structured data. */
export function isHeadless5424(text: string): 'versioned' | 'bare' | undefined {
  if (/^1 \d{4}-\d\d-\d\dT/.test(text.slice(0, 13))) return 'versioned';
  HEADLESS.lastIndex = 0;
  return HEADLESS.test(text) ? 'bare' : undefined;
}

/** Reads a line that {@link isHeadless5424} calls bare; undefined where it is no RFC 5424 after all. */
export function parseBare5424(text: string): ParsedLine | undefined {
  const parsed = parseRfc5424(`1 ${text}`, undefined);
  if (parsed.kind !== 'event') return undefined;
  const { 'syslog.version': _assumed, ...event } = parsed.event;
  return { ...parsed, event };
}

/** Meraki's `<134>1 1563249630.774247467 HOST TYPE …`, of which only the version is RFC 5424's. */
const MERAKI = /1 ([1-9]\d{9})\.(\d{1,9}) ([!-~]{1,255}) ([!-~]{1,48}) /y;

function readMeraki(text: string, priority: Priority | undefined): ParsedLine | undefined {
  MERAKI.lastIndex = priority?.end ?? 0;
  const match = MERAKI.exec(text);
  if (!match) return undefined;
  const [, seconds, fraction, host, service] = match;
  const timestamp = `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}.${fraction}Z`;
  const message = text.slice(MERAKI.lastIndex);
  return { kind: 'event', event: syslogEvent({ timestamp, host, service, message }, priority) };
}

const BAD_DATA =
  'RFC 5424 wants - or elements such as [id@32473 name="value"], each id once, with \\ before ", \\ and ] in a value.';

/** The mark says only that the text is UTF-8: it would hide the first word from searches. */
function messageOf(text: string, at: number): string {
  return text.startsWith(BYTE_ORDER_MARK, at) ? text.slice(at + 1) : text.slice(at);
}

/** A name that is there several times has the list of its values; an element without parameters is an empty object. */
function addElement(event: SyslogEvent, { id, parameters }: StructuredElement): void {
  const prefix = `syslog.structured_data.${id}`;
  if (parameters.length === 0) event[prefix] = {};
  for (const [name, value] of parameters) {
    const key = `${prefix}.${name}`;
    const before = event[key];
    if (before === undefined) event[key] = value;
    else if (Array.isArray(before)) (before as unknown[]).push(value);
    else event[key] = [before, value];
  }
}
