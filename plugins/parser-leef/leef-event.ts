import {
  addField,
  levelOfRisk,
  losslessNumber,
  SYSLOG_LEVELS,
  type BarHeader,
  type SyslogPrefix,
} from '#plugin-kit';

type LeefEvent = Record<string, unknown>;

/** The fields of a LEEF header behind the version, in order. */
export const HEADER_FIELDS = [
  'leef.vendor',
  'leef.product',
  'leef.product_version',
  'leef.event_id',
] as const;
const [PRODUCT, EVENT_ID] = [1, 3];
const PREFIX = 'leef.ext.';

/** Predefined attributes that are numbers ("Predefined LEEF event attributes"), and their likes. */
const NUMBERS: ReadonlySet<string> = new Set(
  `sev srcPort dstPort srcPreNATPort dstPreNATPort srcPostNATPort dstPostNATPort srcBytes dstBytes totalBytes
  srcPackets dstPackets totalPackets`.split(/\s+/),
);
const BOOLEANS: ReadonlySet<string> = new Set(['isLoginEvent', 'isLogoutEvent']);

/** A line in its parts. */
export interface LeefParts {
  /** RFC 3339. */
  readonly timestamp: string | undefined;
  /** The syslog header; undefined where there is none. */
  readonly prefix: SyslogPrefix | undefined;
  readonly header: BarHeader;
  /** As LEEF 2.0 declares it. */
  readonly delimiter: string | undefined;
  readonly pairs: readonly (readonly [key: string, value: string])[];
  /** Text that has no place of its own. */
  readonly unread: string;
}

/** The event of a line. */
export function leefEvent(parts: LeefParts): LeefEvent {
  const { timestamp, prefix, header, delimiter, pairs } = parts;
  const event: LeefEvent = {};
  if (timestamp !== undefined) event['timestamp'] = timestamp;
  addHead(event, parts);
  event['leef.version'] = header.version;
  header.fields.forEach((value, at) => (event[HEADER_FIELDS[at] as string] = value));
  if (delimiter !== undefined) event['leef.delimiter'] = delimiter;
  if (prefix) Object.assign(event, prefix.attributes);
  for (const [key, text] of pairs) {
    const name = PREFIX + key;
    const value = typed(key, text);
    if (event[name] === undefined) event[name] = value;
    else addField(event, name, value);
  }
  return event;
}

/** The first value of a key; undefined where there is none, or it is empty. */
export function valueOf(pairs: LeefParts['pairs'], key: string): string | undefined {
  return pairs.find(([name]) => name === key)?.[1] || undefined;
}

function addHead(event: LeefEvent, { prefix, header: { fields }, pairs, unread }: LeefParts): void {
  const priority = prefix?.priority;
  const level = levelOfRisk(valueOf(pairs, 'sev') ?? '') ?? (priority && SYSLOG_LEVELS[priority.severity]);
  const service = prefix?.service ?? fields[PRODUCT]?.trim();
  const host = prefix?.host ?? valueOf(pairs, 'dvchost') ?? valueOf(pairs, 'dvc');
  const texts = [valueOf(pairs, 'msg') ?? fields[EVENT_ID], unread, prefix?.unread];
  const message = texts.filter(Boolean).join(' ').trim();
  if (level) event['level'] = level;
  if (service) event['service'] = service;
  if (host) event['host'] = host;
  if (message) event['message'] = message;
}

function typed(key: string, text: string): string | number | boolean {
  if (NUMBERS.has(key)) return losslessNumber(text) ?? text;
  return BOOLEANS.has(key) && (text === 'true' || text === 'false') ? text === 'true' : text;
}
