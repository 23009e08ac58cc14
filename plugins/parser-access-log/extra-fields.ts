import { addField, losslessNumber } from '#plugin-kit';
import { scanQuoted, unescapeText } from './escaped-text.js';
import type { AccessEvent } from './request-line.js';

/** What stands behind the fields of the format: an nginx variable or Apache directive that somebody added. */
interface Extra {
  readonly value: string;
  readonly isQuoted: boolean;
}

/** Fields of one line that are read. */
const MOST_EXTRAS = 100;
const SPACE = 0x20;
const QUOTE = '"';
const KEY = /([A-Za-z_][A-Za-z0-9_.-]{0,62})[=:]/y;
/** nginx writes `$request_time` and `$upstream_response_time` so: seconds with milliseconds. */
const SECONDS = /^\d{1,9}\.\d{3}$/;
/** Addresses of the proxies on the way, as in nginx's own format `main`. */
const ADDRESS = '(?:\\d{1,3}(?:\\.\\d{1,3}){3}|[0-9a-fA-F]{0,4}:[0-9a-fA-F.:]{1,41})';
const ADDRESSES = new RegExp(`^${ADDRESS}(?:, ?${ADDRESS}){0,20}$`);

/**
 * Adds the fields behind a format's own from `at` on. Those with a name (`rt=0.005`) are attributes `access_log.<name>`;
 * of the others the first with addresses is X-Forwarded-For, the first times are those of the request and of the
 * upstream, and all the rest stand in `access_log.extra`, in order. Says whether all of them could be read.
 */
export function addExtras(event: AccessEvent, text: string, at: number): boolean {
  const rest: string[] = [];
  let isWhole = true;
  let end = at;
  let count = 0;
  while (count < MOST_EXTRAS && (end = skipSpaces(text, end)) < text.length) {
    const name = matchAt(KEY, text, end)?.[1];
    const scanned = scanExtra(text, name === undefined ? end : end + name.length + 1);
    isWhole &&= scanned.isWhole;
    if (name !== undefined) addNamed(event, name, scanned.extra);
    else if (!addKnown(event, scanned.extra)) rest.push(scanned.extra.value);
    end = scanned.end;
    count += 1;
  }
  if (rest.length > 0) event['access_log.extra'] = rest;
  return isWhole && end >= text.length;
}

interface ScannedExtra {
  readonly extra: Extra;
  readonly isWhole: boolean;
  readonly end: number;
}

function scanExtra(text: string, at: number): ScannedExtra {
  if (text[at] === QUOTE) {
    const { raw, isClosed, end } = scanQuoted(text, at);
    return { extra: { value: unescapeText(raw), isQuoted: true }, isWhole: isClosed, end };
  }
  const space = text.indexOf(' ', at);
  const end = space < 0 ? text.length : space;
  return { extra: { value: text.slice(at, end), isQuoted: false }, isWhole: true, end };
}

function addNamed(event: AccessEvent, name: string, { value }: Extra): void {
  if (value !== '-' && value !== '') addField(event, `access_log.${name}`, losslessNumber(value) ?? value);
}

/** Whether it is told by its form what a field without a name is. */
function addKnown(event: AccessEvent, { value, isQuoted }: Extra): boolean {
  if (isQuoted && !(FORWARDED in event) && ADDRESSES.test(value)) event[FORWARDED] = value;
  else if (SECONDS.test(value) && !(DURATION in event)) event[DURATION] = Number(value);
  else if (SECONDS.test(value) && !(UPSTREAM in event)) event[UPSTREAM] = Number(value);
  else return false;
  return true;
}

/** Names of what access logs have beside the fields of the formats. Durations are in seconds. */
export const FORWARDED = 'http.request.header.x-forwarded-for';
export const DURATION = 'http.server.request.duration';
export const UPSTREAM = 'access_log.upstream_response_time';

function skipSpaces(text: string, at: number): number {
  let end = at;
  while (text.charCodeAt(end) === SPACE) end += 1;
  return end;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
