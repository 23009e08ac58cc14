import { unescapeText } from './escaped-text.js';

/** An event in the making. */
export type AccessEvent = Record<string, unknown>;

/** RFC 9110 9.1 and WebDAV: a word of capitals. */
const METHOD = /^[A-Z][A-Z_-]{0,31}$/;
const PROTOCOL = /^(HTTP|RTSP|SIP)\/(\d(?:\.\d)?)$/;
const ABSOLUTE = /^[a-z][a-z0-9+.-]{0,15}:\/\//i;

/**
 * Adds what `GET /path?query HTTP/1.1` says; false where it is no request line (bytes of a TLS handshake on the plain
 * port, a scanner's rubbish). A target may have spaces in it; HTTP/0.9 has no protocol.
 *
 * @param raw as it stands in the log
 */
export function addRequest(event: AccessEvent, raw: string): boolean {
  const first = raw.indexOf(' ');
  const method = first < 0 ? raw : raw.slice(0, first);
  if (first < 0 || !METHOD.test(method)) return false;
  const last = raw.lastIndexOf(' ');
  const protocol = last > first ? PROTOCOL.exec(raw.slice(last + 1)) : null;
  const target = raw.slice(first + 1, protocol ? last : undefined);
  if (target === '') return false;
  event['http.request.method'] = method;
  addTarget(event, unescapeText(target));
  addProtocol(event, protocol);
  return true;
}

/** Adds what `HTTP/1.1` says. */
export function addProtocolOf(event: AccessEvent, text: string): boolean {
  const protocol = PROTOCOL.exec(text);
  addProtocol(event, protocol);
  return protocol !== null;
}

function addProtocol(event: AccessEvent, protocol: RegExpExecArray | null): void {
  if (!protocol) return;
  event['network.protocol.name'] = (protocol[1] as string).toLowerCase();
  event['network.protocol.version'] = protocol[2];
}

/** Adds a target of a request: a path with a query, `*`, a whole address, or host and port of a CONNECT. */
export function addTarget(event: AccessEvent, target: string): void {
  if (ABSOLUTE.test(target.slice(0, 20))) event['url.full'] = target;
  const begin = 'url.full' in event ? target.indexOf('/', target.indexOf('://') + 3) : 0;
  const rest = begin < 0 ? '/' : target.slice(begin);
  if (!rest.startsWith('/') && rest !== '*') {
    event['url.original'] = target;
    return;
  }
  const mark = rest.indexOf('?');
  event['url.path'] = mark < 0 ? rest : rest.slice(0, mark);
  if (mark >= 0) event['url.query'] = rest.slice(mark + 1);
}
