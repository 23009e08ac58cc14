import {
  levelOfNumber,
  longKeyMessage,
  losslessNumber,
  readJsonLine,
  type JsonLine,
  type ParsedLine,
} from '#plugin-kit';
import type { JsonTimeReader } from './json-time.js';
import { KEY_MEANINGS, LEVEL_NUMBERS, TIME, UNFOLDED } from './known-keys.js';

type JsonMember = NonNullable<JsonLine['members']>[number];

/** A member that means a field, and the field's name. */
interface Meant {
  readonly member: JsonMember;
  readonly rank: number;
  readonly isCommon: boolean;
}

type Event = Record<string, unknown>;

/** An object of more keys is left to the event type to judge. */
const MOST_KEYS = 1_900;

/**
 * What of an object every event type would read otherwise than it is meant: undefined where nothing is, so that its bytes
 * can go on as they are.
 */
export function readFields(sent: readonly JsonMember[], readTime: JsonTimeReader): ParsedLine | undefined {
  if (sent.length > MOST_KEYS) return undefined;
  const members = unfold(sent);
  const meant = findMeant(members);
  const changes = new Map<JsonMember, readonly (readonly [string, unknown])[]>();
  const warnings = [...changeTime(changes, meant.get(TIME), readTime)];
  changeLevel(changes, meant.get('level') ?? levelNumber(members));
  for (const [field, one] of meant)
    if (!one.isCommon && !changes.has(one.member)) changes.set(one.member, [[field, plainValue(one.member)]]);
  if (changes.size === 0 && members === sent) return undefined;
  const event = eventOf(members, changes);
  return warnings.length === 0
    ? { kind: 'event', event }
    : { kind: 'event', event, confidence: 'partial', warnings };
}

/** The members with those of some objects in their place, under dotted keys; the list itself where there is none. */
function unfold(sent: readonly JsonMember[]): readonly JsonMember[] {
  if (!sent.some(isUnfolded)) return sent;
  return sent.flatMap((member) => {
    const inner = isUnfolded(member) ? readJsonLine(Buffer.from(member.text)).members : undefined;
    const dotted = inner?.map((one) => ({ ...one, key: `${member.key}.${one.key}` }));
    return dotted && dotted.length <= MOST_KEYS && longKeyMessage(dotted) === undefined ? dotted : [member];
  });
}

function isUnfolded({ kind, key, text }: JsonMember): boolean {
  return kind === 'object' && text.length > 2 && UNFOLDED.has(key);
}

/** Of the members that mean a field the one that counts; null is nothing. */
function findMeant(members: readonly JsonMember[]): Map<string, Meant> {
  const meant = new Map<string, Meant>();
  for (const member of members) {
    const meaning = member.kind === 'null' ? undefined : KEY_MEANINGS.get(member.key);
    if (!meaning || !(meaning.isCommon ? isOne(member, meaning.field) : isText(member))) continue;
    const before = meant.get(meaning.field);
    if (!before || meaning.rank < before.rank) meant.set(meaning.field, { member, ...meaning });
  }
  return meant;
}

/** An object is no text of an event; one in the time's place would refuse it. */
function isOne({ kind }: JsonMember, field: string): boolean {
  return field === TIME || (kind !== 'object' && kind !== 'array');
}

/** An object under a logger's key is no text. */
function isText({ kind, text }: JsonMember): boolean {
  return (kind === 'string' && text !== '') || kind === 'number';
}

type Changes = Map<JsonMember, readonly (readonly [key: string, value: unknown])[]>;

/** A time in a form that event types don't know is written anew; what is no time at all would refuse the line. */
function changeTime(changes: Changes, time: Meant | undefined, readTime: JsonTimeReader): readonly string[] {
  if (!time) return [];
  const { member, isCommon } = time;
  const read = member.kind === 'string' || member.kind === 'number' ? readTime(member.text) : undefined;
  if (read === undefined && !isCommon) {
    changes.set(member, [[member.key, plainValue(member)]]);
    return [];
  }
  if (read === undefined) {
    changes.set(member, [[`json.${member.key}`, plainValue(member)]]);
    return [`"${member.key}" is no time: it is kept as "json.${member.key}".`];
  }
  if (read !== null || !isCommon) changes.set(member, [[TIME, read ?? plainValue(member)]]);
  return [];
}

function levelNumber(members: readonly JsonMember[]): Meant | undefined {
  const member = members.find(({ key, kind }) => kind === 'number' && Object.hasOwn(LEVEL_NUMBERS, key));
  return member && { member, rank: 0, isCommon: false };
}

/** A number in a level's place becomes its word, and stays beside it. */
function changeLevel(changes: Changes, level: Meant | undefined): void {
  const value = level ? losslessNumber(level.member.text) : undefined;
  if (!level || value === undefined) return;
  const word = levelWord(level.member.key, value);
  if (word === undefined) return;
  const isNumbers = Object.hasOwn(LEVEL_NUMBERS, level.member.key);
  changes.set(level.member, [
    ['level', word],
    [isNumbers ? level.member.key : 'level_value', value],
  ]);
}

/** Tens are Pino's and Bunyan's; 0 to 7 are syslog's (GELF, journald). */
function levelWord(key: string, value: number): string | undefined {
  const scale = Object.hasOwn(LEVEL_NUMBERS, key)
    ? LEVEL_NUMBERS[key as keyof typeof LEVEL_NUMBERS]
    : undefined;
  if (scale === 'otel') return Number.isInteger(value) ? OTEL_LEVELS[Math.ceil(value / 4) - 1] : undefined;
  if (scale === 'python') return levelOfNumber(value, 'python');
  return levelOfNumber(value, 'pino') ?? levelOfNumber(value, 'syslog');
}

/** OpenTelemetry's logs data model, "SeverityNumber": four numbers each. */
const OTEL_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;

/** Of equal keys the first counts, also where that is changed; what a change makes is not hidden by a key that was sent. */
function eventOf(members: readonly JsonMember[], changes: Changes): Event {
  const event: Event = {};
  const changed = new Map([...changes.keys()].map((member) => [member.key, member]));
  for (const member of members.filter((one) => (changed.get(one.key) ?? one) === one))
    for (const [key, value] of changes.get(member) ?? [[member.key, plainValue(member)] as const])
      if (!Object.hasOwn(event, key))
        Object.defineProperty(event, key, { value, enumerable: true, configurable: true, writable: true });
  return event;
}

/** Digits that a double can't hold stay a text. */
function plainValue({ kind, text }: JsonMember): unknown {
  if (kind === 'string') return text;
  if (kind !== 'number') return JSON.parse(text) as unknown;
  const value = Number(text);
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? text : value;
}
