import { SYSLOG_LEVELS, type ParseContext, type ParsedLine, type Priority } from '#plugin-kit';
import { ciscoAttributes, isCode, scanCiscoHeader, type CiscoHeader } from './cisco.js';
import { isFortinet, parseFortinet } from './fortinet.js';
import type { LineTime, LineTimeScanner } from './line-time.js';
import { scanNames, scanWholeTag, skipSpaces, type Names } from './names.js';
import { refused, syslogEvent } from './syslog-event.js';

const ASSUMED_YEAR = 'The time has no year: the nearest one in the past is taken.';
const NO_TIME = 'What stands where the time should be is none that exists.';
const NOT_SYSLOG =
  'It begins with neither a priority, <34>, nor a time, Oct 11 22:14:15, followed by a host and a program.';
/** What means to be a time. */
const LIKE_TIME =
  /(?:[A-Za-z]{3} {1,2}\d{1,2} (?:\d{4} )?\d{1,2}:\d\d|\d{4}[-/]\d{1,2}[-/]\d{1,2}(?:[Tt ]|$))/y;
const DIGITS = /^\d{1,10}$/;

/** What the lines of one call share. */
export interface LineReading {
  readonly context: ParseContext;
  readonly scanTime: LineTimeScanner;
}

/**
 * Reads `<PRI>Mmm dd hh:mm:ss HOST TAG[PID]: TEXT`, of which the priority is missing in files, and of which a line with a
 * priority needs no more than that. Times of other forms in its place are taken too, and what Cisco's and Fortinet's
 * devices send instead.
 */
export function parseRfc3164(text: string, priority: Priority | undefined, reading: LineReading): ParsedLine {
  const at = skipSpaces(text, priority?.end ?? 0);
  const time = scanTime(text, at, priority, reading);
  if (time) return parseTimed(text, priority, { time, reading });
  if (isFortinet(text, at)) return parseFortinet(text, { at, priority, context: reading.context });
  const cisco = scanCiscoHeader(text, at, reading.scanTime);
  if (cisco && (priority || isCode(text, cisco.end))) return parseCisco(text, priority, cisco);
  return priority ? parseUntimed(text, priority, at) : refused('not_syslog', NOT_SYSLOG);
}

/** Without a priority only the times of the two RFCs are syslog's: programs begin their own logs with others. */
function scanTime(
  text: string,
  at: number,
  ...[priority, { scanTime: scan }]: [priority: Priority | undefined, reading: LineReading]
): LineTime | undefined {
  const time = scan(text, at);
  const isOwnLog = !priority && time?.hasYear && !time.isStrict && text.charCodeAt(at + 4) === DASH;
  return isOwnLog ? undefined : time;
}

const DASH = 0x2d;

function parseTimed(
  text: string,
  priority: Priority | undefined,
  { time, reading }: { readonly time: LineTime; readonly reading: LineReading },
): ParsedLine {
  const begin = skipSpaces(text, time.end);
  if (isFortinet(text, begin)) return parseFortinet(text, { at: begin, priority, context: reading.context });
  const names = scanNames(text, time.end);
  const at = text.length - names.message.length;
  if (isFortinet(text, at)) return parseFortinet(text, { at, priority, context: reading.context });
  if (!priority && time.hasYear && !names.service) return refused('not_syslog', NOT_SYSLOG);
  const relayed = relayedCisco(text, names, reading);
  if (relayed) return parseCisco(text, priority, { ...relayed, time, host: names.host });
  return finish(names, priority, { time });
}

/** A relay puts its own header before that of a Cisco device, whose counter is read as a tag then. */
function relayedCisco(
  text: string,
  { service = '', message }: Names,
  { scanTime: scan }: LineReading,
): CiscoHeader | undefined {
  if (!DIGITS.test(service)) return undefined;
  const cisco = scanCiscoHeader(text, text.length - message.length, scan);
  return cisco && { ...cisco, counter: Number(service), sequence: cisco.sequence ?? cisco.counter };
}

function parseCisco(text: string, priority: Priority | undefined, header: CiscoHeader): ParsedLine {
  const names = scanNames(text, header.end);
  const host = names.host ?? header.host;
  return finish(host === undefined ? names : { ...names, host }, priority, header);
}

/** RFC 3164 4.3.2: all that comes after a priority without a time is the text; a tag is told by its colon. */
function parseUntimed(text: string, priority: Priority, at: number): ParsedLine {
  if (at >= text.length) return refused('not_syslog', 'There is nothing behind the priority.');
  LIKE_TIME.lastIndex = at;
  const unread = LIKE_TIME.test(text) ? [NO_TIME] : [];
  const names = unread.length > 0 ? undefined : scanWholeTag(text, at);
  return finish(names ?? { message: text.slice(at) }, priority, { unread });
}

/** What was read before the names. */
interface Header extends Partial<Pick<CiscoHeader, 'counter' | 'sequence' | 'unread'>> {
  readonly time?: LineTime | undefined;
}

function finish(
  { host, service, procid, message }: Names,
  priority: Priority | undefined,
  { time, counter, sequence, unread = [] }: Header,
): ParsedLine {
  const event = syslogEvent({ timestamp: time?.timestamp, host, service, message }, priority);
  if (procid) event['syslog.procid'] = procid;
  const cisco = service?.startsWith('%') ? ciscoAttributes(service) : ciscoAttributes(message);
  if (cisco) Object.assign(event, cisco);
  if (cisco && !priority) event['level'] = SYSLOG_LEVELS[cisco['cisco.severity'] as number];
  if (counter !== undefined) event['cisco.message_counter'] = counter;
  if (sequence !== undefined) event['cisco.sequence_number'] = sequence;
  const warnings = time?.hasYear === false ? [...unread, ASSUMED_YEAR] : unread;
  if (warnings.length === 0) return { kind: 'event', event };
  return unread.length > 0
    ? { kind: 'event', event, confidence: 'partial', warnings }
    : { kind: 'event', event, warnings };
}
