import type { ParsedLine } from '#plugin-kit';
import type { AccessTimeReader } from './access-time.js';
import { addClient } from './client.js';
import { scanQuoted, unescapeText } from './escaped-text.js';
import { addExtras } from './extra-fields.js';
import { addRequest, type AccessEvent } from './request-line.js';

/** Longest text before the time that is looked through: host, client and user. */
const LONGEST_BEGINNING = 2_048;
const ANSWER = / (\d{3}|-)(?: (\d{1,19}|-))?(?= |$)/y;
const NOT_ACCESS_LOG = 'An access log begins with a client, two more words and a time in brackets.';
const BROKEN_REQUEST = 'The request is no line of HTTP: it is kept as it stood.';
const CUT = 'A quoted field has no end, or there is something else in its place: the line was cut or spoilt.';
const NO_ANSWER = 'The request is not followed by a status.';

/**
 * Reads `[VHOST] CLIENT IDENT USER [TIME] "REQUEST" STATUS BYTES ["REFERRER" "USER AGENT"] …`: the common and the combined
 * format (Apache, mod_log_config; nginx, ngx_http_log_module), with what else was added at its end. `-` is nothing.
 */
export function parseAccessText(text: string, readTime: AccessTimeReader): ParsedLine {
  const open = timeBracket(text, readTime);
  if (!open) return { kind: 'refused', reason: 'not_access_log', message: NOT_ACCESS_LOG };
  const event: AccessEvent = { timestamp: open.timestamp };
  if (!addClient(event, text.slice(0, open.begin)))
    return { kind: 'refused', reason: 'not_access_log', message: NOT_ACCESS_LOG };
  const unread = addExchange(event, text, open.end);
  if (unread.length === 0) return { kind: 'event', event };
  return { kind: 'event', event, confidence: 'partial', warnings: unread };
}

interface TimeBracket {
  readonly timestamp: string;
  /** Where the space before the bracket is. */
  readonly begin: number;
  readonly end: number;
}

function timeBracket(text: string, readTime: AccessTimeReader): TimeBracket | undefined {
  const beginning = text.slice(0, LONGEST_BEGINNING);
  for (let at = beginning.indexOf(' ['); at >= 0; at = beginning.indexOf(' [', at + 1)) {
    const time = readTime(text, at + 2);
    if (time && text[time.end] === ']') return { timestamp: time.timestamp, begin: at, end: time.end + 1 };
  }
  return undefined;
}

/** Adds request, answer and what follows; answers with what could not be read, one sentence each. */
function addExchange(event: AccessEvent, text: string, at: number): readonly string[] {
  if (!text.startsWith(' "', at)) return [...addMessage(event, text.slice(at).trim()), CUT];
  const { raw, isClosed, end } = scanQuoted(text, at + 1);
  const unread: string[] = [];
  const isEmpty = raw === '-' || raw === '';
  if (!isEmpty && !addRequest(event, raw)) unread.push(BROKEN_REQUEST);
  ANSWER.lastIndex = end;
  const answer = ANSWER.exec(text);
  const [, status = '-', bytes = '-'] = answer ?? [];
  addMessage(event, [isEmpty ? '' : raw, status === '-' ? '' : status].filter(Boolean).join(' '));
  if (status !== '-') event['http.response.status_code'] = Number(status);
  if (bytes !== '-') event['http.response.body.size'] = Number(bytes);
  if (!answer) return [...unread, isClosed ? NO_ANSWER : CUT];
  const isWhole = addAgent(event, text, end + answer[0].length);
  return isWhole ? unread : [...unread, CUT];
}

function addMessage(event: AccessEvent, message: string): readonly string[] {
  if (message !== '') event['message'] = message;
  return [];
}

/** Adds referrer and user agent, where both are there in quotes, and all that follows. */
function addAgent(event: AccessEvent, text: string, at: number): boolean {
  if (!text.startsWith(' "', at)) return addExtras(event, text, at);
  const referrer = scanQuoted(text, at + 1);
  if (!text.startsWith(' "', referrer.end)) return addExtras(event, text, at) && referrer.isClosed;
  const agent = scanQuoted(text, referrer.end + 1);
  addText(event, 'http.request.referrer', referrer.raw);
  addText(event, 'user_agent.original', agent.raw);
  return addExtras(event, text, agent.end) && agent.isClosed;
}

function addText(event: AccessEvent, name: string, raw: string): void {
  if (raw !== '-' && raw !== '') event[name] = unescapeText(raw);
}
