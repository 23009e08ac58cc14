import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { FoundEvent, FoundQuarantined } from '../support/api-client.js';
import type { RequestRecord } from './obligations.js';
import { findMarker, formatMarker, makeLine, type LinePlan, type Marker } from './oracle-lines.js';
import type { Violations } from './violations.js';

/** Fields that the appliance adds to an event, whoever sent it. */
const ADDED = new Set(
  'event_id tenant stream source timestamp observed_timestamp event_type severity_number raw attributes'.split(
    ' ',
  ),
);

/**
 * Compares what was found with what was sent. Feed it everything that the system holds of one stream, then the
 * requests: it tells what was lost, doubled, made up, changed, or put in the wrong place.
 */
export class Audit {
  stored = 0;
  quarantined = 0;
  private readonly seen = new Map<string, number>();

  constructor(
    private readonly plan: LinePlan,
    private readonly violations: Violations,
  ) {}

  addStored(found: FoundEvent): void {
    this.stored += 1;
    const text = JSON.stringify({ oracle: found.attributes?.['oracle'] ?? found['oracle'] });
    const marker = this.mark(findMarker(this.plan, text), found.event_id);
    const line = marker && makeLine(this.plan, marker);
    if (!marker || !line) return;
    if (line.event === undefined) this.report('wrong_place', marker, `a ${line.kind} line is in the table`);
    else if (hashOf(sentFields(found)) !== hashOf(line.event)) this.reportChange(marker, found, line.event);
    this.checkTime(marker, found, line.event?.['timestamp']);
  }

  addQuarantined(found: FoundQuarantined): void {
    this.quarantined += 1;
    const bytes = rawBytes(found);
    const marker = this.mark(findMarker(this.plan, bytes.toString('latin1')), found.event_id);
    const line = marker && makeLine(this.plan, marker);
    if (!marker || !line) return;
    if (line.kind === 'good')
      this.report('wrong_place', marker, `a good line is in quarantine: ${found.reason}`);
    if (!bytes.equals(line.bytes)) this.report('changed', marker, 'its raw bytes differ from those sent');
  }

  /** Call once, with every request that was sent to the stream. */
  settle(requests: readonly RequestRecord[]): void {
    for (const request of requests) this.settleRequest(request);
    for (const marker of this.seen.keys()) this.violations.add('not_issued', `${marker} was never sent here`);
  }

  private mark(marker: Marker | undefined, eventId: string): Marker | undefined {
    if (!marker) this.violations.add('not_issued', `event ${eventId} carries no marker of this run`);
    else this.seen.set(keyOf(marker), (this.seen.get(keyOf(marker)) ?? 0) + 1);
    return marker;
  }

  private settleRequest(request: RequestRecord): void {
    let found = 0;
    for (let i = 0; i < request.count; i++) {
      const marker = { producer: request.producer, sequence: request.first + i };
      const times = this.take(marker);
      found += times > 0 ? 1 : 0;
      if (times > 1) this.report('twice', marker, `found ${times} times, its request ${request.outcome}`);
      if (times === 0 && request.outcome === 'acked')
        this.report('lost', marker, `receipt ${request.receipt}`);
      if (times > 0 && request.outcome === 'refused')
        this.report('not_issued', marker, 'its request was refused');
    }
    if (request.outcome !== 'unknown' || found === 0 || found === request.count) return;
    this.violations.add('partial', `${found} of ${request.count} lines of an unanswered request are there`);
  }

  private take(marker: Marker): number {
    const times = this.seen.get(keyOf(marker)) ?? 0;
    this.seen.delete(keyOf(marker));
    return times;
  }

  private checkTime(marker: Marker, found: FoundEvent, sent: unknown): void {
    const expected = sent ?? found['observed_timestamp'];
    if (Date.parse(found.timestamp) === Date.parse(String(expected))) return;
    this.report('changed', marker, `timestamp ${found.timestamp}, expected ${String(expected)}`);
  }

  private reportChange(marker: Marker, found: FoundEvent, sent: Readonly<Record<string, unknown>>): void {
    const stored = sentFields(found);
    const names = [...new Set([...Object.keys(stored), ...Object.keys(sent)])].filter(
      (name) => name !== 'timestamp',
    );
    const changed = names.filter((name) => !isDeepStrictEqual(stored[name], sent[name]));
    const detail = changed.map(
      (name) => `${name}: ${JSON.stringify(sent[name])} → ${JSON.stringify(stored[name])}`,
    );
    this.report('changed', marker, detail.join(', '));
  }

  private report(
    kind: 'twice' | 'lost' | 'not_issued' | 'changed' | 'wrong_place',
    marker: Marker,
    detail: string,
  ) {
    this.violations.add(kind, `${formatMarker(this.plan, marker)}: ${detail}`);
  }
}

const keyOf = (marker: Marker): string => `${marker.producer}-${marker.sequence}`;

function rawBytes(found: FoundQuarantined): Buffer {
  if (found.raw_base64 !== undefined) return Buffer.from(found.raw_base64, 'base64');
  return Buffer.from(found.raw ?? '');
}

/** What the client sent, out of what the API shows: declared fields stand at the top, all others under `attributes`. */
function sentFields(found: FoundEvent): Record<string, unknown> {
  const top = Object.entries(found).filter(([name, value]) => !ADDED.has(name) && isGiven(value));
  return { ...Object.fromEntries(top), ...found.attributes };
}

/** A declared field that the client left out may be shown as null. */
const isGiven = (value: unknown): boolean => value !== null && value !== undefined;

/** SHA-256 over the content: key order and the spelling of the timestamp don't count. */
export function hashOf(event: Readonly<Record<string, unknown>>): string {
  const { timestamp: _spelledInManyWays, ...rest } = event;
  return createHash('sha256')
    .update(JSON.stringify(sorted(rest)))
    .digest('hex');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
