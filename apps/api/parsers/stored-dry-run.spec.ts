import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPluginRegistry } from '#plugin-host';
import type { ParseContext, ParsedLine, StoredEvent } from '#plugin-kit';
import { makeParserPlugin } from '#plugin-kit/testing';
import { startTestApi, type TestApi } from '../testing/test-api.js';

const echo = makeParserPlugin('echo', () => ({ kind: 'json' }));
/** Says what it was given, and when that was received. */
const parse = (lines: readonly Uint8Array[], { receivedAt }: ParseContext): readonly ParsedLine[] =>
  lines.map((line) => ({
    kind: 'event',
    event: { message: Buffer.from(line).toString('latin1'), at: String(receivedAt) },
  }));

let api: TestApi;
let key: string;
beforeEach(async () => {
  api = await startTestApi({
    plugins: createPluginRegistry([{ ...echo, parser: { ...echo.parser, parse } }]),
  });
  key = api.access.add('analyst');
  const headers = { authorization: key };
  await api.inject({ method: 'POST', url: '/api/v1/streams', payload: { name: 'web' }, headers });
});
afterEach(() => api.stop());

const dryRun = (payload: object) =>
  api.inject({
    method: 'POST',
    url: '/api/v1/parsers/echo/dry-run',
    headers: { authorization: key },
    payload,
  });

const stored = (row: number, fields: object): StoredEvent => ({
  event_id: `${'a'.repeat(32)}-${row}`,
  tenant: 'default',
  stream: 'web',
  source: 'agent',
  timestamp: '2026-11-20T00:00:00.000000000Z',
  observed_timestamp: `2026-11-21T00:00:0${row}.000000000Z`,
  event_type: 'log',
  severity_number: 9,
  ...fields,
});

describe('a dry run on the newest of a stream', () => {
  it('takes the bytes that are kept, else the message, else the event as JSON', async () => {
    const events = [
      stored(3, { message: 'b', attributes: { parser: 'syslog' }, raw: '<1>b' }),
      stored(2, { message: 'c', attributes: { parser: 'plain' }, raw_base64: 'Y+k=' }),
      stored(1, { message: 'just words', attributes: { parse_status: 'none' } }),
      stored(0, { message: 'sent as JSON', attributes: { order: 7, 'a.b': { c: [1] } } }),
    ];
    api.tier.page = { ...api.tier.page, events };
    const { results, ...rest } = (
      await dryRun({ stream: { name: 'web', limit: 4, query: 'level:error' } })
    ).json();
    expect(rest).toEqual({});
    expect(results).toMatchObject([
      { event_id: events[0]?.event_id, line: '<1>b', made_of: 'raw', event: { message: '<1>b' } },
      { line_base64: 'Y+k=', made_of: 'raw', event: { message: 'c\u00e9' } },
      { line: 'just words', made_of: 'message' },
      { made_of: 'event' },
    ]);
    expect(JSON.parse(results[3].line)).toEqual({
      timestamp: '2026-11-20T00:00:00.000000000Z',
      event_type: 'log',
      message: 'sent as JSON',
      order: 7,
      'a.b': { c: [1] },
    });
    // Each was received at its own time.
    expect(
      results.map(({ event }: { event: { attributes: { at: string } } }) => event.attributes.at),
    ).toEqual([3n, 2n, 1n, 0n].map((second) => String(1_795_219_200_000_000_000n + second * 1_000_000_000n)));
    const [query] = api.tier.queries;
    expect(query).toMatchObject({ tenant: 'default', order: 'desc', limit: 4, total: 'none' });
    expect(query?.streams.map(({ name }) => name)).toEqual(['web']);
    expect(query?.from).toBe(315_532_800_000_000_000n);
  });

  it('takes no more than 4 MiB, and says so', async () => {
    const raw = 'x'.repeat(1_500_000);
    api.tier.page = { ...api.tier.page, events: [0, 1, 2].map((row) => stored(row, { raw })) };
    const { results, is_cut: isCut } = (await dryRun({ stream: { name: 'web' } })).json();
    expect([results.length, isCut]).toEqual([2, true]);
  });

  it('needs the right to read it', async () => {
    key = api.access.add('writer', ['events:write', 'quarantine:read']);
    expect((await dryRun({ stream: { name: 'web' } })).json()).toMatchObject({
      status: 403,
      code: 'forbidden',
    });
    key = api.access.add('held', ['logs:read'], { streams: new Set(['db']) });
    expect((await dryRun({ stream: { name: 'web' } })).json()).toMatchObject({ code: 'forbidden' });
    key = api.access.add('other', undefined, { tenant: 'other' });
    expect((await dryRun({ stream: { name: 'web' } })).json()).toMatchObject({ code: 'stream_unknown' });
    expect(api.tier.queries).toEqual([]);
  });
});

describe('a dry run on quarantine', () => {
  const refused = { event_id: `${'b'.repeat(32)}-0`, stream: 'web', source: 'agent', reason: 'not_it' };

  it('takes the newest that meet the conditions', async () => {
    const received_at = '2026-11-21T00:00:00.000000000Z';
    const events = [
      { ...refused, received_at, raw: 'one' },
      { ...refused, received_at, stream: 'gone', raw_base64: '6Q==' },
    ];
    api.tier.quarantinePage = { events, more: false, total: 2 };
    const { results } = (await dryRun({ quarantine: { filter: { reason: 'not_it' }, limit: 7 } })).json();
    expect(results).toMatchObject([
      { event_id: refused.event_id, line: 'one', made_of: 'raw', event: { message: 'one' } },
      { line_base64: '6Q==', event: { message: '\u00e9' } },
    ]);
    expect(api.tier.quarantineQueries).toEqual([{ tenant: 'default', reason: 'not_it', limit: 7 }]);
  });

  it('needs the right to read it', async () => {
    key = api.access.add('reader', ['logs:read']);
    expect((await dryRun({ quarantine: {} })).json()).toMatchObject({ status: 403, code: 'forbidden' });
    key = api.access.add('held', ['quarantine:read'], { streams: new Set(['web']) });
    expect((await dryRun({ quarantine: {} })).json()).toMatchObject({ code: 'forbidden' });
    expect((await dryRun({ quarantine: { filter: { stream: 'web' } } })).statusCode).toBe(200);
  });
});

it.each([
  [{}],
  [{ lines: ['a'], stream: { name: 'web' } }],
  [{ stream: { name: 'web', limit: 1_001 } }],
  [{ stream: { name: 'WEB!' } }],
  [{ quarantine: { filter: { color: 'red' } } }],
])('refuses %j', async (payload) => {
  expect((await dryRun(payload)).json()).toMatchObject({ status: 400, code: 'invalid_request' });
});
