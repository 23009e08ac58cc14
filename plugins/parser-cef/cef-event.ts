import {
  addField,
  levelOfRisk,
  losslessNumber,
  SYSLOG_LEVELS,
  type BarHeader,
  type SyslogPrefix,
} from '#plugin-kit';
import type { CefExtension } from './cef-extension.js';
import { HEADER_FIELDS } from './cef-header.js';
import { labelledName, type CefKey, type CefRoles } from './cef-keys.js';

type CefEvent = Record<string, unknown>;

const [PRODUCT, NAME, SEVERITY] = [1, 4, 5];

/** A line in its parts. */
export interface CefParts {
  /** RFC 3339. */
  readonly timestamp: string | undefined;
  /** The syslog header; undefined where there is none. */
  readonly prefix: SyslogPrefix | undefined;
  readonly header: BarHeader;
  readonly extension: CefExtension;
  /** What each key of the extension means, in order. */
  readonly keys: readonly CefKey[];
  readonly roles: CefRoles;
}

/** The event of a line. */
export function cefEvent(parts: CefParts): CefEvent {
  const { timestamp, prefix, header, extension, keys } = parts;
  const event: CefEvent = {};
  if (timestamp !== undefined) event['timestamp'] = timestamp;
  addHead(event, parts);
  event['cef.version'] = losslessNumber(header.version) ?? header.version;
  for (let at = 0; at < header.fields.length; at += 1) event[HEADER_FIELDS[at] as string] = header.fields[at];
  const severity = header.fields[SEVERITY];
  if (severity !== undefined) event['cef.severity'] = losslessNumber(severity) ?? severity;
  if (prefix) Object.assign(event, prefix.attributes);
  addExtension(event, extension, keys);
  return event;
}

/** The fields that all events share; what is empty is left out. */
function addHead(event: CefEvent, { prefix, header: { fields }, extension, roles }: CefParts): void {
  const priority = prefix?.priority;
  const level = levelOfRisk(fields[SEVERITY] ?? '') ?? (priority && SYSLOG_LEVELS[priority.severity]);
  const service = prefix?.service ?? fields[PRODUCT]?.trim();
  const host = prefix?.host ?? (roles.dvchost || roles.dvc);
  const unread = `${extension.unread} ${prefix?.unread ?? ''}`.trim();
  const text = roles.msg || fields[NAME]?.trim();
  const message = unread === '' ? text : `${text ?? ''} ${unread}`.trim();
  if (level) event['level'] = level;
  if (service) event['service'] = service;
  if (host) event['host'] = host;
  if (message) event['message'] = message;
}

/** Each key under its own name; a key that is there several times has the list of its values. */
function addExtension(event: CefEvent, { values }: CefExtension, keys: readonly CefKey[]): void {
  let labels: Map<string, string> | undefined;
  for (let at = 0; at < keys.length; at += 1) {
    const { name, isNumber, labelOf } = keys[at] as CefKey;
    const text = values[at] as string;
    const value = isNumber ? (losslessNumber(text) ?? text) : text;
    if (event[name] === undefined) event[name] = value;
    else addField(event, name, value);
    if (labelOf !== undefined) (labels ??= new Map()).set(labelOf, text);
  }
  if (labels) addLabelled(event, keys, labels);
}

/** Custom fields once more under the names that their labels give them, where no key has that name. */
function addLabelled(event: CefEvent, keys: readonly CefKey[], labels: ReadonlyMap<string, string>): void {
  for (const { key, name, isCustom } of keys) {
    const label = isCustom ? labels.get(key) : undefined;
    const labelled = label === undefined ? '' : labelledName(label);
    if (labelled !== '' && event[labelled] === undefined) event[labelled] = event[name];
  }
}
