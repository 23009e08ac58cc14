import { severityNumber } from '#event-model';
import { jsonLine, printable } from '../../output/printable.js';

/** An event as a search answers it. */
export type FoundEvent = Readonly<Record<string, unknown>>;

/** How events are shown. */
export interface EventForm {
  /** One JSON object a line instead of text. */
  readonly json: boolean;
  /** Only these fields, with tabs between them; `a.b` is `b` within `a`, or an attribute of that name. */
  readonly columns: readonly string[] | undefined;
  readonly colours: boolean;
}

/** A line for an event, its end included. Nothing in it acts upon a terminal but our own colours. */
export function showEvent(event: FoundEvent, { json, columns, colours }: EventForm): string {
  if (json) return `${jsonLine(columns ? picked(event, columns) : event)}\n`;
  if (columns) return `${columns.map((name) => showValue(fieldOf(event, name))).join('\t')}\n`;
  const level = showValue(event['level']);
  const paint = colours ? painterOf(event, level) : plain;
  const { timestamp, service, message } = event;
  const parts = [
    dim(showTime(timestamp), colours),
    paint(level.padEnd(5)),
    ...(service === undefined ? [] : [showValue(service)]),
    ...(message === undefined ? [] : [paint(showValue(message))]),
    ...otherFields(event).map(([name, value]) => dim(`${printable(name)}=${showValue(value)}`, colours)),
  ];
  return `${parts.join('  ').trimEnd()}\n`;
}

/** Shown in their own place, or of no use to somebody who reads. */
const NOT_LISTED: ReadonlySet<string> = new Set([
  ...[
    'timestamp',
    'level',
    'service',
    'message',
    'attributes',
    'severity_number',
    'event_id',
    'stream',
    'source',
  ],
  ...['tenant', 'observed_timestamp', 'event_type', 'raw', 'raw_base64', 'original', 'parse_status'],
]);

function otherFields(event: FoundEvent): readonly (readonly [string, unknown])[] {
  const own = Object.entries(event).filter(([name]) => !NOT_LISTED.has(name));
  return [...own, ...Object.entries(attributesOf(event))];
}

function attributesOf({ attributes }: FoundEvent): Readonly<Record<string, unknown>> {
  return isRecord(attributes) ? attributes : {};
}

function picked(event: FoundEvent, columns: readonly string[]): FoundEvent {
  return Object.fromEntries(columns.map((name) => [name, fieldOf(event, name) ?? null]));
}

function fieldOf(event: FoundEvent, name: string): unknown {
  return within(event, name) ?? within(attributesOf(event), name);
}

/** The field of that very name, or the path through objects that it may be. */
function within(fields: FoundEvent, name: string): unknown {
  if (Object.hasOwn(fields, name)) return fields[name];
  return name
    .split('.')
    .reduce<unknown>(
      (value, part) => (isRecord(value) && Object.hasOwn(value, part) ? value[part] : undefined),
      fields,
    );
}

function isRecord(value: unknown): value is FoundEvent {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function showValue(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? printable(value) : jsonLine(value);
}

/** Milliseconds are enough to read. */
function showTime(timestamp: unknown): string {
  return showValue(timestamp).replace(/(\.\d{3})\d{6}Z$/, '$1Z');
}

type Paint = (text: string) => string;

const plain: Paint = (text) => text;
const colour =
  (code: string): Paint =>
  (text) =>
    text.trim() === '' ? text : `\u001b[${code}m${text}\u001b[0m`;
/** From the least severity number up: error, warn, info, debug, trace. */
const PAINTS = [
  [17, colour('31')],
  [13, colour('33')],
  [9, plain],
  [5, colour('36')],
  [1, colour('2')],
] as const;

function painterOf({ severity_number: given }: FoundEvent, level: string): Paint {
  const severity = typeof given === 'number' ? given : severityNumber(level);
  return PAINTS.find(([least]) => severity >= least)?.[1] ?? plain;
}

function dim(text: string, colours: boolean): string {
  return colours ? colour('2')(text) : text;
}
