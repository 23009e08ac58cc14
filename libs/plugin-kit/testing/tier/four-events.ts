import assert from 'node:assert/strict';
import type { EventQuery, StreamSpec } from '#plugin-kit';
import type { ContractTier } from './contract-case.js';
import { makeQuery, makeStream, storeLines } from './scene.js';

/** The trace of the second event. */
export const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

/** Four events, a nanosecond apart; the last digit of their time is their number. */
export const LINES = [
  `{"timestamp":"2026-11-20T00:00:00.000000001Z","level":"ERROR","service":"a","message":"Connection reset by peer","status":500,"delta":-5}`,
  `{"timestamp":"2026-11-20T00:00:00.000000002Z","level":"err","service":"b","message":"connection closed","trace_id":"${TRACE}","bytes":18446744073709551615,"id":"c-1"}`,
  `{"timestamp":"2026-11-20T00:00:00.000000003Z","level":"info","service":"a","message":"all well","user":"o'neil","n":5,"nested":{"deep":"x/y"},"ok":true}`,
  `{"timestamp":"2026-11-20T00:00:00.000000004Z","level":"Weird","service":"a","message":"grüße","user":"5","latency_ms":1.5,"uid":"%","event_type":"special"}`,
];

/** The time of the event with this number, or of none. */
export function nanosecond(digit: number): string {
  return `2026-11-20T00:00:00.00000000${digit}Z`;
}

/** A stream that has the events, and one line that is refused. */
export async function stored(tier: ContractTier, tenant: string, name?: string): Promise<StreamSpec> {
  const stream = makeStream(tenant, name);
  await tier.prepare(stream);
  await storeLines(tier, stream, [...LINES, 'refused']);
  return stream;
}

/** The numbers of the events found, in their order; the total must be theirs where no limit cuts them. */
export async function found(
  tier: ContractTier,
  streams: readonly StreamSpec[],
  more: Partial<EventQuery> = {},
): Promise<string> {
  const { events, total } = await tier.search(makeQuery(streams, more));
  if (more.limit === undefined) assert.equal(total, events.length);
  return events.map(number).join('');
}

/** The number of one of the events. */
export function number({ timestamp }: { readonly timestamp: string }): string {
  return timestamp.at(-2) ?? '';
}
