import { parseTime } from '#event-model';
import { readEventTime, readJsonLine, REFUSAL_REASON, type ParsedLine } from '#plugin-kit';

const MOST_KEYS = 2_000;
const LONGEST_KEY = 256;

/** What is wrong with a parser's answer for a line; undefined where nothing is. */
export function faultOf(answer: ParsedLine | undefined, line: Buffer): string | undefined {
  switch (answer?.kind) {
    case 'event':
      return faultOfEvent(answer.event) ?? faultOfConfidence(answer.confidence);
    case 'json':
      return isObject(line) ? undefined : 'it calls a line JSON that is no object';
    case 'refused':
      return REFUSAL_REASON.test(answer.reason) && answer.message !== ''
        ? undefined
        : 'its refusal has no reason';
    default:
      return 'it has no answer';
  }
}

/** JSON gives back just as many keys: a value that is undefined would be lost, one that is no number null. */
function faultOfEvent(event: Readonly<Record<string, unknown>>): string | undefined {
  const json = JSON.stringify(event);
  const back = JSON.parse(json) as Record<string, unknown>;
  const keys = Object.keys(event);
  if (JSON.stringify(back) !== json || Object.keys(back).length !== keys.length)
    return 'JSON loses a part of its event';
  if (keys.some((key) => Number.isNaN(event[key]))) return 'its event has what is no number';
  if (keys.length > MOST_KEYS) return 'its event has too many keys';
  if (keys.some((key) => Buffer.byteLength(key) > LONGEST_KEY)) return 'its event has a key that is too long';
  return isTime(event['timestamp']) ? undefined : `its time is none: ${JSON.stringify(event['timestamp'])}`;
}

/** A time that storage refuses for its year is one. */
function isTime(time: unknown): boolean {
  if (time === undefined) return true;
  if (typeof time !== 'string' && typeof time !== 'number') return false;
  return readEventTime(String(time)) !== undefined || parseTime(time) !== undefined;
}

function faultOfConfidence(confidence: string | undefined): string | undefined {
  return confidence === undefined || confidence === 'full' || confidence === 'partial'
    ? undefined
    : `it is read with confidence ${confidence}`;
}

function isObject(line: Buffer): boolean {
  try {
    return readJsonLine(line).members !== undefined;
  } catch {
    return false;
  }
}

/** What has got into the prototype of all objects. */
export function pollution(): readonly string[] {
  return Reflect.ownKeys(Object.prototype)
    .map(String)
    .filter((key) => !OWN_KEYS.has(key));
}

const OWN_KEYS = new Set(Reflect.ownKeys(Object.prototype).map(String));
