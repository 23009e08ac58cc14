import { isDeepStrictEqual } from 'node:util';
import type { ParsedLine } from '#plugin-kit';

/** A line of CEF from a public suite, with what that suite's reader finds in it. */
export interface CefCase {
  readonly id: string;
  readonly input: string;
  readonly expect: { readonly ok: boolean; readonly fields?: Readonly<Record<string, unknown>> };
}

type Fields = Readonly<Record<string, unknown>>;

/** What suites call the header's fields. */
const HEADER: Readonly<Record<string, string>> = {
  CEFVersion: 'cef.version',
  deviceVendor: 'cef.device_vendor',
  DeviceVendor: 'cef.device_vendor',
  deviceProduct: 'cef.device_product',
  DeviceProduct: 'cef.device_product',
  deviceVersion: 'cef.device_version',
  DeviceVersion: 'cef.device_version',
  deviceEventClassId: 'cef.device_event_class_id',
  DeviceEventClassID: 'cef.device_event_class_id',
  name: 'cef.name',
  Name: 'cef.name',
  DeviceName: 'cef.name',
  agentSeverity: 'cef.severity',
  Severity: 'cef.severity',
  DeviceSeverity: 'cef.severity',
};
/** What a suite adds of its own: numbers of texts, and epochs in the zone of the machine that they were made on. */
const DERIVED = /_epoch(?:_utc)?$|^agentSeverityString$|Num$/;

/**
 * What we find otherwise than the peer, one sentence for each field; empty where both agree. A line that the peer refuses
 * is one that we refuse, or can read only in part. A number and its text are the same here.
 */
export function cefDifferences({ expect, input }: CefCase, found: ParsedLine): readonly string[] {
  const isFull = found.kind === 'event' && found.confidence !== 'partial';
  if (!expect.ok) return isFull ? ['the peer refuses it'] : [];
  if (found.kind !== 'event') return ['we refuse it'];
  const names = keysByPeerName(found.event);
  return Object.entries(expect.fields ?? {}).flatMap(([key, wanted]) => {
    if (DERIVED.test(key)) return [];
    const ours = asText(found.event[HEADER[key] ?? names.get(key) ?? '']);
    return isDeepStrictEqual(ours, asText(wanted))
      ? []
      : [`${key}: ${JSON.stringify(ours)} here, ${JSON.stringify(wanted)} there, in ${input.slice(0, 40)}`];
  });
}

/** A peer's names of extension keys have only letters, digits and underscores. */
function keysByPeerName(event: Fields): ReadonlyMap<string, string> {
  const prefix = 'cef.ext.';
  const keys = Object.keys(event).filter((key) => key.startsWith(prefix));
  return new Map(keys.map((key) => [key.slice(prefix.length).replaceAll(/[^A-Za-z0-9_]/g, '_'), key]));
}

function asText(value: unknown): string {
  return value === undefined || value === null ? '' : String(value as string | number);
}
