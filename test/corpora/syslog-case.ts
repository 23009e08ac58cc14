import { isDeepStrictEqual } from 'node:util';
import { parseTime } from '#event-model';
import type { ParsedLine } from '#plugin-kit';

/** A line of a public test suite, with what that suite's reader finds in it. */
export interface SyslogCase {
  readonly id: string;
  readonly input: string | null;
  readonly input_base64?: string;
  /** Set where the peer refuses the line only by an option. */
  readonly mode?: string;
  /** What the peer's reader was told. */
  readonly options?: { readonly tz?: string };
  readonly expect: { readonly ok: boolean; readonly fields?: Readonly<Record<string, unknown>> };
}

type Fields = Readonly<Record<string, unknown>>;

/** The bytes of a case's line. */
export function inputOf({ input, input_base64 }: SyslogCase): Buffer {
  return input === null ? Buffer.from(input_base64 ?? '', 'base64') : Buffer.from(input);
}

/** The zone that the peer was told, as an IANA name; undefined where it wasn't. */
export function zoneOf({ options }: SyslogCase): string | undefined {
  const name = /chrono_tz::(\w+)::(\w+)/.exec(options?.tz ?? '');
  return name ? `${name[1]}/${name[2]}` : undefined;
}

/** What we find otherwise than the peer, one sentence for each field; empty where both agree. */
export function differences({ expect, mode }: SyslogCase, found: ParsedLine): readonly string[] {
  const isTaken = expect.ok || mode !== undefined;
  if ((found.kind === 'event') !== isTaken) return [isTaken ? 'we refuse it' : 'the peer refuses it'];
  if (found.kind !== 'event' || !expect.ok) return [];
  return Object.entries(expect.fields ?? {}).flatMap(([key, wanted]) => {
    const read = READERS[key];
    if (!read) return [];
    const [ours, theirs] = read(found.event, wanted);
    return isDeepStrictEqual(ours, theirs)
      ? []
      : [`${key}: ${JSON.stringify(ours)} here, ${JSON.stringify(theirs)} there`];
  });
}

type Reader = (event: Fields, wanted: unknown) => readonly [ours: unknown, theirs: unknown];

const textOf =
  (name: string): Reader =>
  (event, wanted) => [asText(event[name]), asText(wanted)];

/** What suites call the fields. Epochs of theirs depend on the zone of the machine that they were made on. */
const READERS: Readonly<Record<string, Reader>> = {
  priority: textOf('syslog.priority'),
  facility: textOf('syslog.facility'),
  severity: textOf('syslog.severity'),
  version: textOf('syslog.version'),
  hostname: textOf('host'),
  appname: textOf('service'),
  tag: textOf('service'),
  procid: textOf('syslog.procid'),
  proc_id: textOf('syslog.procid'),
  msgid: textOf('syslog.msgid'),
  msg_id: textOf('syslog.msgid'),
  message: textOf('message'),
  content: (event, wanted) => [contentOf(event), asText(wanted)],
  timestamp: sameTime,
  date: sameTime,
  structured_data: (event, wanted) => [dataOf(event), wantedData(wanted)],
};

/** An empty text and none are the same here; bytes are shown as text. */
function asText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'object' && 'base64' in value)
    return Buffer.from(String(value.base64), 'base64').toString();
  return String(value);
}

/** A suite without a field for the process id has it in the text, without the spaces at its end. */
function contentOf(event: Fields): string {
  const procid = event['syslog.procid'];
  return `${procid === undefined ? '' : `[${asText(procid)}]: `}${asText(event['message'])}`.trimEnd();
}

/** A time without a zone is UTC; one without a year is compared without it. */
function sameTime(event: Fields, wanted: unknown): readonly [unknown, unknown] {
  const ours = event['timestamp'];
  if (wanted === null || wanted === undefined) return [ours, undefined];
  const text = String(wanted);
  const monthFirst = /^[A-Z]/.test(text);
  if (monthFirst) {
    const theirs = new Date(Date.parse(`${text} 2024 UTC`)).toISOString();
    return [String(ours).slice(5, 19), theirs.slice(5, 19)];
  }
  const instant = (time: string): string => String(parseTime(time));
  return [instant(String(ours)), instant(text.replace(/ \((?:Local|tz)\)$/, 'Z'))];
}

const DATA = 'syslog.structured_data.';

/** Elements by id, each with its parameters. */
function dataOf(event: Fields): unknown {
  const elements: Record<string, Record<string, unknown>> = {};
  for (const [key, value] of Object.entries(event).filter(([name]) => name.startsWith(DATA))) {
    const dot = typeof value === 'object' && !Array.isArray(value) ? key.length : key.lastIndexOf('.');
    const parameters = (elements[key.slice(DATA.length, dot)] ??= {});
    if (dot < key.length) parameters[key.slice(dot + 1)] = value;
  }
  return elements;
}

function wantedData(wanted: unknown): unknown {
  if (!Array.isArray(wanted)) return wanted ?? {};
  const elements = wanted as readonly { readonly identity: string; readonly parameters: unknown }[];
  return Object.fromEntries(elements.map(({ identity, parameters }) => [identity, parameters]));
}
