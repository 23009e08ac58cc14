import { pause } from '../support/appliance-process.js';
import type { Appliance } from '../support/start-appliance.js';

type Json = Record<string, unknown>;

const PATIENCE_MS = 30_000;
const ALWAYS = { start_time: '1990-01-01T00:00:00Z', end_time: 'now+1d', limit: 10_000 };

/** Asks an appliance, which may be restarted meanwhile, about rules and where events went. */
export class RoutingClient {
  constructor(private readonly appliance: Appliance) {}

  async call(
    method: string,
    path: string,
    body?: string | object,
    headers: Record<string, string> = {},
  ): Promise<Json> {
    const { url, adminKey } = this.appliance;
    const all = { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json', ...headers };
    const text = typeof body === 'object' ? JSON.stringify(body) : body;
    const signal = AbortSignal.timeout(20_000);
    const init = { method, headers: all, signal, ...(text !== undefined && { body: text }) };
    const answer = await fetch(`${url}/api/v1/${path}`, init);
    return (await answer.json()) as Json;
  }

  /** Makes streams, by name with their event types. */
  async makeStreams(streams: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, type] of Object.entries(streams))
      await this.call('POST', 'streams', { name, event_type: type });
  }

  /** False where they were refused. */
  async putRules(rules: readonly object[]): Promise<boolean> {
    return 'version' in (await this.call('PUT', 'rules', { rules }));
  }

  send(lines: string, key: string): Promise<Json> {
    const headers = { 'content-type': 'application/x-ndjson', 'idempotency-key': key };
    return this.call('POST', 'events', lines, headers);
  }

  receipt(receipt: string): Promise<Json> {
    return this.call('GET', `receipts/${receipt}`);
  }

  /** Waits until nothing is pending and the ledger adds up; its residue where it doesn't in time. */
  async settled(): Promise<number> {
    for (const deadline = Date.now() + PATIENCE_MS; ; await pause(100)) {
      const { rows, residue } = (await this.call('GET', 'ledger')) as { rows: Json[]; residue: number };
      const pending = rows.reduce((sum, row) => sum + Number(row['pending']), 0);
      if ((pending === 0 && residue === 0) || Date.now() > deadline) return residue + pending;
    }
  }

  /** Where each number is: the streams, and `quarantine`, that have it. */
  async found(): Promise<ReadonlyMap<number, readonly string[]>> {
    const places = new Map<number, string[]>();
    const add = (n: unknown, place: string): void =>
      void places.set(Number(n), [...(places.get(Number(n)) ?? []), place]);
    for (const { attributes, stream } of await this.events()) add((attributes as Json)['n'], String(stream));
    const refused = await this.call('GET', 'quarantine?limit=10000');
    for (const { raw } of refused['events'] as { raw: string }[])
      add((JSON.parse(raw) as Json)['n'], 'quarantine');
    return places;
  }

  /** All events, of one stream or of all; none of a stream that its first event has still to make. */
  async events(stream?: string): Promise<readonly Json[]> {
    const page = await this.call('POST', 'logs', { ...ALWAYS, ...(stream !== undefined && { stream }) });
    if (page['next_cursor'] !== null && page['next_cursor'] !== undefined)
      throw new Error('There are more events than fit on a page.');
    return page['code'] === 'stream_unknown' ? [] : (page['logs'] as Json[]);
  }

  async droppedByPolicy(): Promise<ReadonlyMap<string, number>> {
    const { rows } = (await this.call('GET', 'ledger')) as { rows: Json[] };
    const policies = new Map<string, number>();
    for (const row of rows)
      for (const [policy, events] of Object.entries((row['dropped_by'] ?? {}) as Record<string, number>))
        policies.set(policy, (policies.get(policy) ?? 0) + events);
    return policies;
  }
}
