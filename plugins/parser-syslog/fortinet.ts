import {
  losslessNumber,
  scanKeyValues,
  type KeyValue,
  type ParseContext,
  type ParsedLine,
} from '#plugin-kit';
import type { Priority } from '#plugin-kit';
import { createLineTimeScanner } from './line-time.js';
import { syslogEvent } from './syslog-event.js';

/** A line of a FortiGate: its date and time are the first of its pairs. */
const BEGINNING = /date=\d{4}-\d\d-\d\d time=\d\d:\d\d:\d\d /y;
const EPOCH = /^\d{10}(?:\d{3}|\d{6}|\d{9})?$/;
const ZONE = /^[+-]\d{2}:?\d{2}$/;
/** Names of pairs that become attributes; Fortinet's are short words. */
const NAME = /^[A-Za-z0-9_.-]{1,64}$/;
const CUT = 'A quoted value has no end: the line was cut.';
const BAD_NAME = 'A name of a pair is no word of letters, digits, dots, dashes and underscores.';
const BAD_TIME = 'It has no time of day that exists.';

/** Whether a FortiGate's pairs stand at `at`. */
export function isFortinet(text: string, at: number): boolean {
  BEGINNING.lastIndex = at;
  return BEGINNING.test(text);
}

/**
 * Reads a FortiGate's `date=… time=… devname=… key="value" …` (FortiOS Log Message Reference, "Log field format"). The
 * exact time is `eventtime`, of seconds to nanoseconds; else date, time and `tz`.
 */
export function parseFortinet(
  text: string,
  {
    at,
    priority,
    context,
  }: { readonly at: number; readonly priority: Priority | undefined; readonly context: ParseContext },
): ParsedLine {
  const { pairs, isCut } = scanKeyValues(text, at);
  const values = new Map(pairs.map(({ key, value }) => [key, value ?? '']));
  const timestamp = eventTime(values.get('eventtime')) ?? localTime(values, context);
  const host = values.get('devname') || values.get('devid');
  const event = syslogEvent({ timestamp, host, message: text.slice(at) }, priority);
  if (!priority && values.get('level')) event['level'] = values.get('level');
  const isNamed = pairs.filter(({ key, value }) => value !== undefined && NAME.test(key));
  for (const pair of isNamed) event[`fortinet.${pair.key}`] = valueOf(pair);
  const warnings = [
    ...(isCut ? [CUT] : []),
    ...(isNamed.length < pairs.length ? [BAD_NAME] : []),
    ...(timestamp === undefined ? [BAD_TIME] : []),
  ];
  return { kind: 'event', event, ...(warnings.length > 0 && { confidence: 'partial', warnings }) };
}

function valueOf({ value = '', isQuoted }: KeyValue): string | number {
  return isQuoted ? value : (losslessNumber(value) ?? value);
}

function eventTime(value: string | undefined): string | undefined {
  if (value === undefined || !EPOCH.test(value)) return undefined;
  const seconds = new Date(Number(value.slice(0, 10)) * 1000).toISOString().slice(0, 19);
  const fraction = value.slice(10);
  return fraction === '' ? `${seconds}Z` : `${seconds}.${fraction}Z`;
}

function localTime(values: ReadonlyMap<string, string>, context: ParseContext): string | undefined {
  const zone = values.get('tz') ?? '';
  const text = `${values.get('date')} ${values.get('time')}${ZONE.test(zone) ? zone : ''}`;
  return createLineTimeScanner(context)(text, 0)?.timestamp;
}
