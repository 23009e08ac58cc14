import { addField, losslessNumber, readJsonLine, type ParsedLine } from '#plugin-kit';
import type { AccessTimeReader } from './access-time.js';
import { JSON_FIELDS, type FieldReading, type JsonMember } from './json-fields.js';
import type { AccessEvent } from './request-line.js';

const TOO_DEEP = 64;
const NONE_OF_ITS_KEYS =
  'It is JSON, but has no key that tells an access log: request, request_uri, remote_addr, status and so on.';

/**
 * Reads a line that nginx writes with a `log_format` of JSON, whose keys are the names of its variables, and those of
 * Apache, Caddy and Traefik. What has no name in the conventions stays under its own.
 */
export function parseAccessJson(line: Uint8Array, readTime: AccessTimeReader): ParsedLine {
  let members: readonly JsonMember[] | undefined;
  try {
    const json = readJsonLine(line);
    members = json.depth > TOO_DEEP ? undefined : json.members;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { kind: 'refused', reason: 'not_json', message: `It begins as JSON, and is none: ${why}.` };
  }
  const event: AccessEvent = {};
  const reading: FieldReading = { event, readTime, unread: [] };
  const known = (members ?? []).filter((member) => addMember(reading, member)).length;
  if (known < 2) return { kind: 'refused', reason: 'not_access_log', message: NONE_OF_ITS_KEYS };
  event['message'] ??= messageOf(event);
  if (reading.unread.length === 0) return { kind: 'event', event };
  return { kind: 'event', event, confidence: 'partial', warnings: reading.unread };
}

/** Whether the key is one that access logs have. */
function addMember(reading: FieldReading, member: JsonMember): boolean {
  const read = Object.hasOwn(JSON_FIELDS, member.key) ? JSON_FIELDS[member.key] : undefined;
  const isNothing = member.kind === 'null' || (member.kind === 'string' && ['-', ''].includes(member.text));
  if (read && isNothing) return true;
  if (read?.(reading, member)) return true;
  if (member.key.length <= LONGEST_KEY) addField(reading.event, member.key, plainValue(member));
  return read !== undefined;
}

/** Storage takes keys of 256 bytes. */
const LONGEST_KEY = 64;

function plainValue({ kind, text }: JsonMember): unknown {
  if (kind === 'string') return text;
  if (kind === 'number') return losslessNumber(text) ?? numberOrText(text);
  return JSON.parse(text) as unknown;
}

/** A number whose digits a double can't hold stays a text of them. */
function numberOrText(text: string): number | string {
  const value = Number(text);
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? text : value;
}

function messageOf(event: AccessEvent): string {
  const target = event['url.path'] ?? event['url.original'] ?? event['url.full'];
  const query = event['url.query'] === undefined ? '' : `?${String(event['url.query'])}`;
  const request = target === undefined ? undefined : `${String(target)}${query}`;
  const words = [event['http.request.method'], request, event['http.response.status_code']];
  return words.filter((word) => word !== undefined).join(' ');
}
