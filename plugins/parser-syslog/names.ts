/** Who wrote a line, as it says. */
export interface Names {
  readonly host?: string;
  readonly service?: string;
  readonly procid?: string;
  readonly message: string;
}

/** A program's name, its process id in brackets, and what ends them. Cisco's begin with a percent sign. */
const TAG =
  /((?:[A-Za-z0-9_./(\u0080-\uffff]|%(?=[A-Za-z0-9%]))[^\s:[\]=,"]{0,127})(?:\[([^\][\s]{0,128})\])?(:|[ \t]|$)/y;
const HOST = /[^\s<>"'()[\]{}=,;%]{1,255}/y;
/** What syslog daemons write themselves, without a tag. */
const REPEATED = /(?:last )?message repeated \d/y;
/** What AIX puts before the host of a message that it relays. */
const FORWARDED = /Message forwarded from (\S{1,255}): /y;
/** The code of a message of a Cisco device. */
const CODE = /%[A-Za-z][A-Za-z0-9_-]{0,60}-[0-7]-\w{1,60}/y;
const COLON = 0x3a;

/**
 * Reads host, tag and text. A first word that ends in a colon is the tag of a line without a host, but for what a daemon
 * writes of itself, and before a Cisco code; a first word that is the last is the text.
 */
export function scanNames(text: string, at: number): Names {
  const begin = skipSpaces(text, at);
  const tagFirst = scanTag(text, begin);
  if (tagFirst?.isWhole) {
    const rest = skipSpaces(text, tagFirst.end);
    if (matches(REPEATED, text, rest)) return { host: tagFirst.service, message: text.slice(rest) };
    if (tagFirst.procid === undefined && matches(CODE, text, rest))
      return { host: tagFirst.service, ...scanTagged(text, rest) };
    return { ...namesOf(tagFirst), message: text.slice(rest) };
  }
  FORWARDED.lastIndex = begin;
  const relayed = FORWARDED.exec(text)?.[1];
  if (relayed !== undefined) return { host: relayed, ...scanTagged(text, FORWARDED.lastIndex) };
  const host = matches(HOST, text, begin);
  if (!host || text[begin + host.length] !== ' ') return { message: text.slice(begin) };
  return { host, ...scanTagged(text, begin + host.length) };
}

/** Reads tag and text, where no host is expected. */
export function scanTagged(text: string, at: number): Names {
  const colon = skipSpaces(text, at);
  const from = text.charCodeAt(colon) === COLON ? skipSpaces(text, colon + 1) : colon;
  const tag = matches(REPEATED, text, from) ? undefined : scanTag(text, from);
  return { ...(tag && namesOf(tag)), message: text.slice(skipSpaces(text, tag?.end ?? from)) };
}

/** A tag that ends in a colon, and the text; undefined where there is none. */
export function scanWholeTag(text: string, at: number): Names | undefined {
  const tag = scanTag(text, at);
  return tag?.isWhole ? { ...namesOf(tag), message: text.slice(skipSpaces(text, tag.end)) } : undefined;
}

interface Tag {
  readonly service: string;
  readonly procid: string | undefined;
  /** Whether it ends in a colon and has a process id or a space behind it: an IPv6 address hasn't. */
  readonly isWhole: boolean;
  readonly end: number;
}

function scanTag(text: string, at: number): Tag | undefined {
  TAG.lastIndex = at;
  const match = TAG.exec(text);
  if (!match) return undefined;
  const [, service = '', brackets, ending] = match;
  const end = TAG.lastIndex;
  const isWhole = ending === ':' && (brackets !== undefined || (text[end] ?? ' ') === ' ');
  return { service, procid: brackets === '' ? undefined : brackets, isWhole, end };
}

function namesOf({ service, procid }: Tag): Pick<Names, 'service' | 'procid'> {
  return procid === undefined ? { service } : { service, procid };
}

function matches(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** The index of the first character from `at` on that is no space. */
export function skipSpaces(text: string, at: number): number {
  let end = at;
  while (text.charCodeAt(end) === 32) end += 1;
  return end;
}
