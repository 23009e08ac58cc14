import { longKeyMessage, readJsonLine, SYSLOG_LEVELS, type ParsedLine } from '#plugin-kit';
import { readGelfTime } from './gelf-time.js';

type Member = NonNullable<ReturnType<typeof readJsonLine>['members']>[number];
type Fields = Map<string, unknown>;

/** Where the text of an event may stand, best first. */
const TEXTS = ['short_message', 'message', 'full_message'];
/** Fields of the event itself: an additional field of such a name keeps its underscore. `_id` is no id (GELF 1.1). */
const OWN_FIELDS: ReadonlySet<string> = new Set([
  ...['timestamp', 'observed_timestamp', 'received_at', 'host', 'message', 'level', 'severity_number', 'id'],
  ...['event_id', 'event_type', 'tenant', 'stream', 'source', 'raw', 'parser', 'parse_status', 'attributes'],
]);
/** Additional fields that name the program, best first. */
const PROGRAMS = ['service', 'program', 'container_name'];
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const MAX_DEPTH = 64;

/** Makes an event of a GELF message. */
export function parseGelfLine(line: Uint8Array): ParsedLine {
  try {
    const { text, members, depth } = readJsonLine(line);
    if (!members) return refused('not_object', 'It is JSON, but no object.');
    if (depth > MAX_DEPTH)
      return refused('too_deep', `It has ${depth} levels of nesting; at most ${MAX_DEPTH} are taken.`);
    const long = longKeyMessage(members);
    return long === undefined ? eventOf(text, members) : refused('key_too_long', long);
  } catch (error) {
    return refused('not_json', `It is no JSON: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

function refused(reason: string, message: string): ParsedLine {
  return { kind: 'refused', reason, message };
}

function eventOf(text: string, members: readonly Member[]): ParsedLine {
  // Of equal keys the first counts.
  const byKey = new Map([...members].reverse().map((member) => [member.key, member] as const));
  const textKey = TEXTS.find((key) => byKey.has(key));
  if (textKey === undefined) return refused('no_message', 'It has no short_message.');
  const event: Fields = new Map([['message', byKey.get(textKey)?.text]]);
  const warnings: string[] = [];
  for (const member of byKey.values())
    if (member.key !== textKey) addField(event, { member, text, warnings });
  const program = PROGRAMS.map((name) => event.get(name)).find((value) => typeof value === 'string');
  if (program !== undefined) event.set('service', program);
  const partial = warnings.length > 0 ? ({ confidence: 'partial', warnings } as const) : {};
  return { kind: 'event', event: Object.fromEntries(event), ...partial };
}

interface Reading {
  readonly member: Member;
  /** Of the whole line. */
  readonly text: string;
  readonly warnings: string[];
}

function addField(event: Fields, reading: Reading): void {
  const { member } = reading;
  const { key } = member;
  if (key === 'timestamp') addTime(event, reading);
  else if (key === 'level') addLevel(event, reading);
  else if (key === 'host' && member.kind === 'string') event.set('host', member.text);
  else if (key === 'version') event.set('gelf.version', valueOf(member));
  else event.set(attributeName(event, key), valueOf(member));
}

/** A name without its underscore; with it where the event has a field of that name. */
function attributeName(event: Fields, key: string): string {
  const name = key.startsWith('_') && key.length > 1 ? key.slice(1) : key;
  if (!OWN_FIELDS.has(name) && !event.has(name)) return name;
  return key.startsWith('_') && !OWN_FIELDS.has(key) && !event.has(key) ? key : `gelf.${key}`;
}

/** Digit by digit, from where the number stands in the line. */
function addTime(event: Fields, { member, text, warnings }: Reading): void {
  NUMBER.lastIndex = member.start;
  const sent = member.kind === 'string' ? member.text : (NUMBER.exec(text)?.[0] ?? '');
  const time = readGelfTime(sent);
  if (time) event.set('timestamp', time.timestamp);
  else event.set('gelf.timestamp', valueOf(member));
  const warning = time ? time.warning : 'timestamp is no time in seconds since the epoch';
  if (warning !== undefined) warnings.push(warning);
}

function addLevel(event: Fields, { member, warnings }: Reading): void {
  const word = /^[0-7]$/.test(member.text) ? SYSLOG_LEVELS[Number(member.text)] : undefined;
  if (word !== undefined) return void event.set('level', word);
  if (member.kind === 'string') return void event.set('level', member.text);
  event.set('gelf.level', valueOf(member));
  warnings.push('level is none of 0 to 7');
}

/** Whole numbers that a double can't hold stay as their digits. */
function valueOf({ kind, text }: Member): unknown {
  if (kind === 'string') return text;
  const value: unknown = JSON.parse(text);
  return typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(text) ? text : value;
}
