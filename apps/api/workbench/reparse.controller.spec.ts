import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseTime } from '#event-model';
import { JOB_QUEUE, type InspectableJobQueue } from '#job-queue';
import { createPluginRegistry } from '#plugin-host';
import { TierError, type StoredPart } from '#plugin-kit';
import { makeParserPlugin } from '#plugin-kit/testing';
import { REPARSE_JOB, ReparseReports } from '#storage-tier';
import { startTestApi, type TestApi } from '../testing/test-api.js';

const SPAN = { start_time: '2026-11-20T00:00:00Z', end_time: '2026-11-21T00:00:00Z' };
const PARTS: readonly StoredPart[] = [
  {
    ...{ day: 20261120, generation: 0, partEvents: 9, diskBytes: 1_000 },
    forms: [
      { form: 'text', parser: 'shout', events: 5 },
      { form: 'text', parser: 'gone', events: 2 },
    ],
  },
];

let api: TestApi;
let admin: string;
let queue: InspectableJobQueue;
beforeEach(async () => {
  api = await startTestApi({
    plugins: createPluginRegistry([makeParserPlugin('shout', () => ({ kind: 'json' }))]),
  });
  admin = api.access.add('admin');
  queue = api.app.get<InspectableJobQueue>(JOB_QUEUE);
  api.tier.parts = PARTS;
  await ask('POST', '/streams', { name: 'web' });
});
afterEach(() => api.stop());

async function ask(method: 'GET' | 'POST' | 'DELETE', path: string, payload?: object, key = admin) {
  const headers = { authorization: key };
  const answer = await api.inject({ method, url: `/api/v1${path}`, headers, ...(payload && { payload }) });
  return { status: answer.statusCode, ...answer.json<Record<string, unknown>>() };
}
const begin = (more: object = {}, key = admin) =>
  ask('POST', '/streams/web/reparse', { ...SPAN, ...more }, key);

describe('a plan', () => {
  it('says what would happen and begins nothing', async () => {
    expect(await ask('POST', '/streams/web/reparse/plan', SPAN)).toMatchObject({
      ...{ status: 200, events: 5, fits: true, disk_bytes_needed: 1_000 },
      days: [{ day: '2026-11-20', events: 7, part_events: 9 }],
      left_alone: [{ reason: 'parser_missing', events: 2 }],
    });
    const [from, to] = [parseTime(SPAN.start_time), parseTime(SPAN.end_time)];
    expect(api.tier.storedPartsAsked).toEqual([['default', 'web', { from, to }]]);
    expect(await queue.list(REPARSE_JOB)).toEqual([]);
  });

  it('reads by any parser that is there, and by auto', async () => {
    for (const parser of ['shout', 'auto'])
      expect(await ask('POST', '/streams/web/reparse/plan', { ...SPAN, parser })).toMatchObject({
        ...{ events: 7, left_alone: [] },
      });
  });

  it('can’t be made while the tier does not answer', async () => {
    api.tier.failure = new TierError('unavailable', 'no engine');
    expect(await ask('POST', '/streams/web/reparse/plan', SPAN)).toMatchObject({
      ...{ status: 503, code: 'search_unavailable' },
    });
  });
});

describe('what is asked for wrongly', () => {
  const NOBODY = /"nobody"; known are .*shout/;
  it.each([
    ['no end', { start_time: SPAN.start_time }, 'invalid_request', /./],
    ['an end before its start', { ...SPAN, end_time: SPAN.start_time }, 'invalid_request', /./],
    ['a zone that is none', { ...SPAN, zone: 'Mars/North' }, 'invalid_request', /./],
    ['an empty parser', { ...SPAN, parser: '' }, 'invalid_request', /./],
    ['an unknown parser', { ...SPAN, parser: 'nobody' }, 'parser_unknown', NOBODY],
    ['a key that there is not', { ...SPAN, parsers: ['shout'] }, 'invalid_request', /./],
  ])('with %s is refused, planned or begun', async (_what, body, code, detail) => {
    for (const path of ['/streams/web/reparse/plan', '/streams/web/reparse'])
      expect(await ask('POST', path, body)).toMatchObject({
        ...{ status: 400, code, detail: expect.stringMatching(detail) },
      });
    expect(await queue.list(REPARSE_JOB)).toEqual([]);
  });

  it('of a stream that is not the tenant’s is refused as one that there is not', async () => {
    const other = api.access.add('other', undefined, { tenant: 'other' });
    for (const [method, path] of [
      ['POST', '/streams/web/reparse/plan'],
      ['POST', '/streams/web/reparse'],
      ['GET', '/streams/web/reparse'],
    ] as const) {
      const body = method === 'POST' ? SPAN : undefined;
      expect(await ask(method, path, body, other)).toMatchObject({ status: 404, code: 'stream_unknown' });
    }
    expect(api.tier.storedPartsAsked).toEqual([]);
  });

  it('of a stream that the key may not touch is forbidden', async () => {
    const held = api.access.add('held', undefined, { streams: new Set(['shop']) });
    await begin();
    for (const answer of [
      await begin({}, held),
      await ask('GET', '/streams/web/reparse', undefined, held),
      await ask('GET', '/jobs/default.web', undefined, held),
      await ask('DELETE', '/jobs/default.web', undefined, held),
    ])
      expect(answer).toMatchObject({ status: 403, code: 'forbidden' });
  });
});

describe('a job', () => {
  it('gets the request with its times fixed, under the name of tenant and stream', async () => {
    const more = { parser: 'shout', parsed_by: '', zone: 'Europe/Rome' };
    expect(await begin({ ...more, start_time: 'now-1d', end_time: 'now' })).toEqual({
      ...{ status: 202, job: 'default.web', events: 0 },
    });
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/);
    expect((await queue.find(REPARSE_JOB, 'default.web'))?.payload).toEqual({
      ...{ run: expect.any(String), tenant: 'default', stream: 'web', ...more },
      ...{ start_time: time, end_time: time },
    });
  });

  it('is one for each stream at a time, until it is cancelled', async () => {
    expect(await begin()).toMatchObject({ status: 202, events: 5 });
    const first = await queue.find(REPARSE_JOB, 'default.web');
    expect(await begin({ parser: 'shout' })).toMatchObject({
      ...{ status: 409, code: 'reparse_running', detail: expect.stringContaining('the job default.web') },
    });
    expect(await queue.find(REPARSE_JOB, 'default.web')).toEqual(first);
    await ask('POST', '/streams', { name: 'shop' });
    expect(await ask('POST', '/streams/shop/reparse', SPAN)).toMatchObject({ job: 'default.shop' });
    expect(await ask('DELETE', '/jobs/default.web')).toMatchObject({ status: 200, state: 'cancelled' });
    expect(await ask('DELETE', '/jobs/default.web')).toMatchObject({
      ...{ status: 409, code: 'job_not_cancellable' },
    });
    expect(await begin()).toMatchObject({ status: 202 });
  });

  it('of another tenant is neither seen nor cancelled', async () => {
    await begin();
    const other = api.access.add('other', undefined, { tenant: 'other' });
    for (const method of ['GET', 'DELETE'] as const)
      expect(await ask(method, '/jobs/default.web', undefined, other)).toMatchObject({
        ...{ status: 404, code: 'job_not_found' },
      });
    expect(await queue.find(REPARSE_JOB, 'default.web')).toMatchObject({ state: 'waiting' });
  });

  it('of another kind is not cancelled', async () => {
    await queue.add({ kind: 'quarantine.move', id: 'move', payload: { tenant: 'default' } });
    expect(await ask('DELETE', '/jobs/move')).toMatchObject({ status: 409, code: 'job_not_cancellable' });
    const held = api.access.add('held', undefined, { streams: new Set(['shop']) });
    expect(await ask('DELETE', '/jobs/move', undefined, held)).toMatchObject({ code: 'job_not_cancellable' });
  });

  it('is not begun where a copy of the largest day has no room', async () => {
    api.disk.freeBytes = 1;
    expect(await begin()).toMatchObject({
      ...{ status: 409, code: 'reparse_no_room' },
      detail: 'The largest day needs 1000 bytes, and 0 are free above the reserve.',
    });
    expect(await queue.list(REPARSE_JOB)).toEqual([]);
    api.tier.parts = [];
    expect(await begin()).toMatchObject({ status: 202, events: 0 });
  });
});

describe('a report', () => {
  it('is there once a job was begun, and tells of that one only', async () => {
    expect(await ask('GET', '/streams/web/reparse')).toMatchObject({ status: 404, code: 'job_not_found' });
    await begin();
    const none = { status: 200, job: 'default.web', days: [], kept_reasons: [] };
    expect(await ask('GET', '/streams/web/reparse')).toEqual(none);
    const reports = new ReparseReports(api.catalogue);
    const place = { tenant: 'default', stream: 'web' };
    const part = { day: 20261120, generation: 0, events: 5, changed: 4, kept: 1 };
    const reasons = [{ reason: 'other_day', events: 1, example: 'id' }];
    await reports.add(place, { run: 'an earlier one', parts: [], reasons: [] }, part, reasons);
    expect(await ask('GET', '/streams/web/reparse')).toEqual(none);
    const run = String((await queue.find(REPARSE_JOB, 'default.web'))?.payload['run']);
    await reports.add(place, { run, parts: [], reasons: [] }, part, reasons);
    expect(await ask('GET', '/streams/web/reparse')).toEqual({
      ...{ status: 200, job: 'default.web', kept_reasons: reasons },
      days: [{ ...part, day: '2026-11-20' }],
    });
  });
});
