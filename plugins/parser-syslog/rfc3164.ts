import { scanBsdTime, scanRfc3339, type BsdTime, type ParsedLine, type Priority } from '#plugin-kit';
import { refused, syslogEvent } from './syslog-event.js';

/** A program's name, its process id in brackets, and what ends them. */
const TAG = /([A-Za-z0-9_./(\u0080-\uffff][^\s:[\]]{0,127})(?:\[([^\][\s]{1,128})\])?(:| |$)/y;
const HOST = /[^\s<>"'()[\]{}=,;]{1,255}/y;
/** What syslog daemons write themselves, without a tag. */
const REPEATED = /(?:last )?message repeated \d/y;
const ASSUMED_YEAR: readonly string[] = ['The time has no year: the nearest one in the past is taken.'];

/** Where the time of a line ends, and how it is written. */
interface LineTime {
  readonly timestamp: string;
  readonly end: number;
  readonly hasYear: boolean;
}

/**
 * Reads `<PRI>Mmm dd hh:mm:ss HOST TAG[PID]: TEXT`, of which the priority is missing in files, and of which a line with a
 * priority needs no more than that. A time of RFC 3339 in its place, as newer daemons write it, is taken too.
 */
export function parseRfc3164(
  text: string,
  priority: Priority | undefined,
  writeTime: (time: BsdTime) => string,
): ParsedLine {
  const time = scanTime(text, priority?.end ?? 0, writeTime);
  if (!time) return priority ? withoutHeader(text, priority) : refused('not_syslog', NOT_SYSLOG);
  const { host, service, procid, message } = scanNames(text, skipSpaces(text, time.end));
  if (!priority && time.hasYear && !service) return refused('not_syslog', NOT_SYSLOG);
  const event = syslogEvent({ timestamp: time.timestamp, host, service, message }, priority);
  if (procid) event['syslog.procid'] = procid;
  return time.hasYear ? { kind: 'event', event } : { kind: 'event', event, warnings: ASSUMED_YEAR };
}

const NOT_SYSLOG =
  'It begins with neither a priority, <34>, nor a time, Oct 11 22:14:15, followed by a host and a program.';

/** RFC 3164 4.3.2: all that comes after a priority without a time is the text. */
function withoutHeader(text: string, priority: Priority): ParsedLine {
  const message = text.slice(priority.end).trimStart();
  if (message === '') return refused('not_syslog', 'There is nothing behind the priority.');
  return { kind: 'event', event: syslogEvent({ message }, priority) };
}

function scanTime(text: string, at: number, writeTime: (time: BsdTime) => string): LineTime | undefined {
  const bsd = scanBsdTime(text, at);
  if (bsd) return endsAt(text, { timestamp: writeTime(bsd), end: bsd.end, hasYear: bsd.year !== undefined });
  const end = scanRfc3339(text, at);
  return end < 0 ? undefined : endsAt(text, { timestamp: text.slice(at, end), end, hasYear: true });
}

/** A time is one where a space, or nothing, follows it. */
function endsAt(text: string, time: LineTime): LineTime | undefined {
  return time.end === text.length || text[time.end] === ' ' ? time : undefined;
}

interface Names {
  readonly host?: string;
  readonly service?: string;
  readonly procid?: string;
  readonly message: string;
}

/**
 * A first word that ends in a colon is the tag of a line without a host, but for what a daemon writes of itself; a first
 * word that is the last is the text.
 */
function scanNames(text: string, at: number): Names {
  const tagFirst = scanTag(text, at);
  if (tagFirst?.isWhole) {
    const rest = skipSpaces(text, tagFirst.end);
    return matches(REPEATED, text, rest)
      ? { host: tagFirst.service, message: text.slice(rest) }
      : { ...tagFirst.names, message: text.slice(rest) };
  }
  const host = matches(HOST, text, at);
  if (!host || text[at + host.length] !== ' ') return { message: text.slice(at) };
  const from = skipSpaces(text, at + host.length);
  const tag = matches(REPEATED, text, from) ? undefined : scanTag(text, from);
  return { host, ...tag?.names, message: text.slice(skipSpaces(text, tag?.end ?? from)) };
}

interface Tag {
  readonly service: string;
  readonly names: { readonly service: string; readonly procid?: string };
  /** Whether it ends in a colon and has a process id or a space behind it: an IPv6 address hasn't. */
  readonly isWhole: boolean;
  readonly end: number;
}

function scanTag(text: string, at: number): Tag | undefined {
  TAG.lastIndex = at;
  const match = TAG.exec(text);
  if (!match) return undefined;
  const [, service = '', procid, ending] = match;
  const names = procid === undefined ? { service } : { service, procid };
  const end = TAG.lastIndex;
  const isWhole = ending === ':' && (procid !== undefined || (text[end] ?? ' ') === ' ');
  return { service, names, isWhole, end };
}

function matches(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

function skipSpaces(text: string, at: number): number {
  let end = at;
  while (text.charCodeAt(end) === 32) end += 1;
  return end;
}
