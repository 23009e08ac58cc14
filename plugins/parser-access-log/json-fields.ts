import { readEventTime, type JsonLine } from '#plugin-kit';
import type { AccessTimeReader } from './access-time.js';
import { addServer } from './client.js';
import { DURATION, FORWARDED, UPSTREAM } from './extra-fields.js';
import { addProtocolOf, addRequest, addTarget, type AccessEvent } from './request-line.js';

/** A key of an object with its value. */
export type JsonMember = NonNullable<JsonLine['members']>[number];

/** An event in the making, and what of its line could not be read. */
export interface FieldReading {
  readonly event: AccessEvent;
  readonly readTime: AccessTimeReader;
  readonly unread: string[];
}

/** Adds a member's value; false where it is none of its kind, and so stays under its own name. */
type FieldReader = (reading: FieldReading, member: JsonMember) => boolean;

const SECONDS = /^\d{1,12}(?:\.\d{1,9})?$/;
const STATUS = /^[1-9]\d{2}$/;
const COUNT = /^\d{1,15}$/;
const NANOSECONDS = 1e9;

const text =
  (name: string): FieldReader =>
  ({ event }, { kind, text: value }) => {
    if (kind !== 'string') return false;
    event[name] ??= value;
    return true;
  };

const matching =
  (name: string, pattern: RegExp, scale = 1): FieldReader =>
  ({ event }, { kind, text: value }) => {
    if ((kind !== 'string' && kind !== 'number') || !pattern.test(value)) return false;
    event[name] ??= Number(value) / scale;
    return true;
  };

const time: FieldReader = ({ event, readTime, unread }, { kind, key, text: value }) => {
  const read = readTime(value, 0);
  const isWhole = kind === 'string' && read?.end === value.length;
  const isTime = isWhole || ((kind === 'string' || kind === 'number') && readEventTime(value) !== undefined);
  if (!isTime) {
    unread.push(`"${key}" is no time: it is kept as "access_log.${key}".`);
    event[`access_log.${key}`] ??= value;
    return true;
  }
  event['timestamp'] ??= isWhole ? read.timestamp : value;
  return true;
};

/** The line of the request, or an object of its parts (Caddy). */
const request: FieldReader = (reading, member) => {
  if (member.kind === 'object') return addParts(reading, member.text);
  if (member.kind !== 'string') return false;
  reading.event['message'] ??= member.text;
  if (addRequest(reading.event, member.text)) return true;
  reading.unread.push('The request is no line of HTTP: it is kept as it stood.');
  return true;
};

const target: FieldReader = ({ event }, { kind, text: value }) => {
  if (kind !== 'string') return false;
  if (!('url.path' in event) && !('url.original' in event)) addTarget(event, value);
  return true;
};

const query: FieldReader = ({ event }, { kind, text: value }) => {
  if (kind !== 'string') return false;
  event['url.query'] ??= value.replace(/^\?/, '');
  return true;
};

const protocol: FieldReader = ({ event }, { kind, text: value }) =>
  kind === 'string' && addProtocolOf(event, value);

const server: FieldReader = ({ event }, { kind, text: value }) => {
  if (kind !== 'string') return false;
  if (!('server.address' in event)) addServer(event, value);
  return true;
};

/** What Caddy has in `request`, of which the headers are kept but for the one that has a name of its own. */
function addParts({ event }: FieldReading, json: string): boolean {
  const parts = JSON.parse(json) as Readonly<Record<string, unknown>>;
  const own = (key: string): string | undefined => {
    const value = Object.hasOwn(parts, key) ? parts[key] : undefined;
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const address = own('client_ip') ?? own('remote_ip');
  if (address) event['client.address'] ??= address;
  const [method, uri, proto, host] = [own('method'), own('uri'), own('proto'), own('host')];
  if (method) event['http.request.method'] ??= method;
  if (uri) addTarget(event, uri);
  if (proto) addProtocolOf(event, proto);
  if (host) addServer(event, host);
  const headers = Object.hasOwn(parts, 'headers') ? parts['headers'] : undefined;
  addHeaders(event, typeof headers === 'object' && headers !== null ? headers : {});
  return true;
}

function addHeaders(event: AccessEvent, headers: object): void {
  for (const [name, value] of Object.entries(headers).slice(0, MOST_HEADERS)) {
    if (name.length > LONGEST_NAME) continue;
    const key = name.toLowerCase();
    const first: unknown = Array.isArray(value) ? value[0] : value;
    if (key === 'user-agent' && typeof first === 'string') event['user_agent.original'] = first;
    else if (key === 'referer' && typeof first === 'string') event['http.request.referrer'] = first;
    else event[`http.request.header.${key}`] = value;
  }
}

const MOST_HEADERS = 200;
const LONGEST_NAME = 100;

const method = text('http.request.method');
const client = text('client.address');
const size = matching('http.response.body.size', COUNT);
const status = matching('http.response.status_code', STATUS);

/** What the keys of access logs in JSON stand for. */
export const JSON_FIELDS: Readonly<Record<string, FieldReader>> = {
  ...{
    time_iso8601: time,
    time_local: time,
    msec: time,
    time,
    timestamp: time,
    '@timestamp': time,
    ts: time,
  },
  StartUTC: time,
  ...{ remote_addr: client, client_ip: client, remote_ip: client, clientip: client, ClientHost: client },
  ...{ remote_user: text('user.name'), ClientUsername: text('user.name') },
  ...{ request, request_method: method, method, RequestMethod: method },
  ...{ request_uri: target, uri: target, RequestPath: target, path: target },
  ...{ args: query, query_string: query, server_protocol: protocol, RequestProtocol: protocol },
  ...{ status, DownstreamStatus: status, response: status },
  ...{ body_bytes_sent: size, DownstreamContentSize: size, size, bytes: size },
  bytes_sent: matching('http.response.size', COUNT),
  request_length: matching('http.request.size', COUNT),
  ...{ http_referer: text('http.request.referrer'), http_referrer: text('http.request.referrer') },
  ...{ referer: text('http.request.referrer'), referrer: text('http.request.referrer') },
  ...{ http_user_agent: text('user_agent.original'), user_agent: text('user_agent.original') },
  ...{ agent: text('user_agent.original'), http_x_forwarded_for: text(FORWARDED) },
  ...{ request_time: matching(DURATION, SECONDS), duration: matching(DURATION, SECONDS) },
  Duration: matching(DURATION, COUNT, NANOSECONDS),
  upstream_response_time: matching(UPSTREAM, SECONDS),
  ...{ host: server, http_host: server, server_name: server, vhost: server, RequestHost: server },
  server_port: matching('server.port', /^\d{1,5}$/),
  scheme: text('url.scheme'),
};
