import { readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseTime } from '#event-model';
import type { ParquetQuery, StreamSpec } from '#plugin-kit';
import { openTier, type TierUnderTest } from './testing/open-tier.js';
import { batchOf } from './testing/sample-events.js';

const FULL = {
  timestamp: '2026-11-20T08:00:00.123456789Z',
  level: '=1+1',
  message: 'a"\\\r\n\u0000😀',
  trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
  user_id: 'u',
  latency_ms: 1.5,
  status: 65_535,
  delta: -5,
  ok: false,
  'k"': { deep: ['x', 1] },
  plain: 'text',
};
let open: TierUnderTest;
let path: string;
let other: StreamSpec;

beforeAll(async () => {
  open = await openTier();
  path = join(tmpdir(), `alluvium-parquet-${process.pid}.parquet`);
  const types = open.stream.eventType;
  const fields = types.fields.map((field) =>
    field.name === 'status' ? { ...field, type: 'string' as const } : field,
  );
  other = { ...open.stream, name: 'other', eventType: { ...types, name: 'other', fields } };
  await open.tier.prepare(other);
  await open.tier.insert(
    batchOf(open.stream, [
      JSON.stringify(FULL),
      '{"timestamp":"2026-11-20T08:00:01Z","bytes":18446744073709551615}',
    ]),
  );
  await open.tier.insert(batchOf(other, ['{"timestamp":"2026-11-20T08:00:02Z","status":"fine"}']));
});
afterAll(async () => {
  await open.close();
  await rm(path, { force: true });
});

const queryOf = (more: Partial<ParquetQuery> = {}): ParquetQuery => ({
  tenant: 'default',
  streams: [open.stream],
  from: 0n,
  to: parseTime('2100-01-01T00:00:00Z') ?? 0n,
  filter: { kind: 'all', of: [] },
  timeoutMs: 10_000,
  compression: 'zstd',
  spaceBytes: 1e9,
  ...more,
});
/** Makes a file and reads it back with the engine. */
const readBack = async (query: ParquetQuery, columns = '*', format = 'Parquet') => {
  const file = await open.tier.exportParquet(query);
  const chunks: Uint8Array[] = [];
  for await (const chunk of file.read()) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  expect(bytes.length).toBe(file.bytes);
  await writeFile(path, bytes);
  const statement = `SELECT ${columns} FROM file('${path}', ${format})`;
  const rows = (await open.engine.run(statement, { lane: 'read' })).rows<Record<string, unknown>>();
  return rows.toSorted((a, b) => (String(a['timestamp']) < String(b['timestamp']) ? -1 : 1));
};
const leftFiles = async () =>
  readdir(
    join((open.tier as unknown as { context: { dataDirectory: string } }).context.dataDirectory, 'exports'),
  );

describe('a Parquet file', () => {
  it('has the names of the API, typed columns and every value', async () => {
    const [first, second] = await readBack(queryOf());
    expect(first).toMatchObject({
      tenant: 'default',
      stream: 'default',
      source: 'test-source',
      timestamp: '2026-11-20 08:00:00.123456789',
      event_type: 'every-field',
      level: FULL.level,
      message: FULL.message,
      trace_id: FULL.trace_id,
      span_id: null,
      latency_ms: 1.5,
      status: 65_535,
      delta: '-5',
      ok: false,
      bytes: null,
      attributes: { 'k"': '{"deep":["x",1]}', plain: '"text"' },
      raw: null,
      raw_base64: null,
    });
    expect(first?.['event_id']).toMatch(/^[0-9a-f]{32}-0$/);
    expect(second).toMatchObject({ bytes: '18446744073709551615', message: null, attributes: {} });
  });

  it('says of times that they are nanoseconds in UTC', async () => {
    const columns = "arrayFilter(c -> c.name = 'timestamp', columns)[1].logical_type AS logical, num_rows";
    const [metadata] = await readBack(queryOf(), columns, 'ParquetMetadata');
    expect(metadata?.['num_rows']).toBe('2');
    expect(String(metadata?.['logical'])).toMatch(/isAdjustedToUTC=true.*nanoseconds/);
  });

  it('has only the named columns, attributes among them', async () => {
    const fields = ['timestamp', 'k".deep', 'plain', 'nothing', 'status', "it's `x`"];
    const [first] = await readBack(queryOf({ fields }));
    expect(Object.keys(first ?? {})).toEqual(fields);
    expect(first).toMatchObject({ 'k".deep': '["x",1]', plain: 'text', nothing: null, status: 65_535 });
  });

  it('has text where the streams have several types', async () => {
    const rows = await readBack(queryOf({ streams: [open.stream, other] }), 'status, stream');
    expect(rows.map(({ status }) => status).toSorted()).toEqual(['65535', 'fine', null]);
  });

  it.each(['none', 'gzip', 'zstd'] as const)('can be read with columns in %s', async (compression) => {
    expect(await readBack(queryOf({ compression }), 'count() AS n')).toEqual([{ n: '2' }]);
  });

  it('without events, or without streams, is a file without rows', async () => {
    expect(await readBack(queryOf({ to: 1n }), 'count() AS n')).toEqual([{ n: '0' }]);
    expect(
      await readBack(queryOf({ streams: [{ ...open.stream, name: 'unwritten' }] }), 'count() AS n'),
    ).toEqual([{ n: '0' }]);
    expect(await readBack(queryOf({ tenant: 'nobody' }), 'count() AS n')).toEqual([{ n: '0' }]);
  });

  it('leaves nothing behind: read, given up, without space or cut short', async () => {
    await (await open.tier.exportParquet(queryOf())).discard();
    await expect(open.tier.exportParquet(queryOf({ spaceBytes: 0 }))).rejects.toMatchObject({
      name: 'NoSpaceError',
    });
    const left = AbortSignal.abort(new Error('the caller left'));
    await expect(open.tier.exportParquet(queryOf(), left)).rejects.toThrow('the caller left');
    expect(await leftFiles()).toEqual([]);
  });
});
