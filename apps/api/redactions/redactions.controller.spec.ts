import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../testing/test-api.js';

const CARD = '4111 1111 1111 1111';
const RULE = { action: 'mask', detectors: ['card'] };

let api: TestApi;
let key: string;

beforeEach(async () => {
  api = await startTestApi();
  key = api.access.add('admin');
});
afterEach(() => api.stop());

const ask = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, payload?: object) =>
  api.inject({
    ...{ method, url: `/api/v1/${path}`, headers: { authorization: key } },
    ...(payload && { payload }),
  });
const send = (type: string, payload: string, stream = 'web', headers = {}) =>
  api.inject({
    ...{ method: 'POST', url: `/api/v1/streams/${stream}/events` },
    headers: { authorization: key, 'content-type': type, ...headers },
    payload,
  });

describe('redaction rules', () => {
  it('are made, listed, changed and taken away', async () => {
    const made = await ask('PUT', 'redactions/cards', RULE);
    const stored = {
      ...{ name: 'cards', action: 'mask', at: 'accept', fields: [], detectors: ['card'], version: 1 },
      changed_at: expect.any(String),
      changed_by: { key_id: 'admin', key_name: 'admin' },
    };
    expect([made.statusCode, made.json()]).toEqual([200, stored]);
    expect((await ask('GET', 'redactions')).json()).toEqual({ redactions: [stored] });
    await ask('PUT', 'redactions/cards', { ...RULE, action: 'drop', stream: 'web' });
    expect((await ask('GET', 'redactions')).json()).toMatchObject({
      redactions: [{ action: 'drop', stream: 'web', version: 2 }],
    });
    expect((await ask('DELETE', 'redactions/cards')).json()).toMatchObject({ name: 'cards', version: 2 });
    expect((await ask('DELETE', 'redactions/cards')).json()).toMatchObject({ code: 'redaction_not_found' });
    expect((await ask('GET', 'redactions')).json()).toEqual({ redactions: [] });
  });

  it.each([
    ['redactions/UPPER', RULE, 400, 'redaction_name_invalid'],
    ['redactions/dry-run', RULE, 400, 'redaction_name_invalid'],
    ['redactions/x', { action: 'mask' }, 400, 'invalid_request'],
    ['redactions/x', { action: 'blur', detectors: ['card'] }, 400, 'invalid_request'],
    ['redactions/x', { action: 'mask', detectors: ['iban'] }, 400, 'invalid_request'],
    ['redactions/x', { action: 'mask', fields: [' '] }, 400, 'invalid_request'],
    ['redactions/x', { ...RULE, pattern: '(a+)+' }, 400, 'invalid_request'],
  ])('are refused as PUT %s %j', async (path, payload, status, code) => {
    expect((await ask('PUT', path, payload)).json()).toMatchObject({ status, code });
  });

  it('are a hundred at most', async () => {
    for (let n = 0; n < 100; n += 1) await ask('PUT', `redactions/r${n}`, RULE);
    expect((await ask('PUT', 'redactions/one-more', RULE)).json()).toMatchObject({
      ...{ status: 409, code: 'too_many_redactions' },
    });
    expect((await ask('PUT', 'redactions/r5', RULE)).statusCode).toBe(200);
  });

  it('are of a tenant, and of streams that the key may touch', async () => {
    await ask('PUT', 'redactions/cards', RULE);
    key = api.access.add('held', ['streams:admin'], { streams: new Set(['web']) });
    expect((await ask('PUT', 'redactions/x', RULE)).statusCode).toBe(403);
    expect((await ask('DELETE', 'redactions/cards')).statusCode).toBe(403);
    expect((await ask('PUT', 'redactions/x', { ...RULE, stream: 'web' })).statusCode).toBe(200);
    key = api.access.add('other', undefined, { tenant: 'other' });
    expect((await ask('GET', 'redactions')).json()).toEqual({ redactions: [] });
  });
});

describe('what is accepted', () => {
  it.each([
    ['application/x-ndjson', `{"a":"${CARD}"}\n{"b":1}\n`, ['{"a":"[redacted:card]"}', '{"b":1}']],
    ['application/json', `[{"a":["${CARD}"]},{"b":1}]`, ['{"a":["[redacted:card]"]}', '{"b":1}']],
    ['text/plain', `pays ${CARD}\n\nnot\n`, ['pays [redacted:card]', 'not']],
  ])('as %s holds no secret when it reaches the bus', async (type, payload, lines) => {
    await ask('PUT', 'redactions/cards', { ...RULE, stream: 'web' });
    await ask('PUT', 'redactions/later', { action: 'mask', fields: ['b'], at: 'store' });
    expect((await send(type, payload)).statusCode).toBe(202);
    expect(api.bus.lines).toEqual(lines);
    await send(type, payload, 'other');
    expect(api.bus.lines.join()).toContain(CARD);
  });

  it('is the same for a repeat of the same request', async () => {
    await ask('PUT', 'redactions/cards', { action: 'hash', detectors: ['card'] });
    const once = () => send('text/plain', CARD, 'web', { 'idempotency-key': 'k' });
    const [first, second] = [await once(), await once()];
    expect([first.json().receipt, second.headers['idempotency-replayed']]).toEqual([
      second.json().receipt,
      'true',
    ]);
    expect(api.bus.lines).toEqual([expect.stringMatching(/^\[card:[0-9a-f]{32}\]$/)]);
  });
});

describe('a dry run', () => {
  const lines = [`pays ${CARD}`, '{"password":"x"}', 'nothing'];

  it('shows what the rules in force would do', async () => {
    await ask('PUT', 'redactions/cards', { ...RULE, stream: 'web' });
    const changed = { line: 'pays [redacted:card]', changed: true, found: [{ rule: 'cards', what: 'card' }] };
    const same = (line: string | undefined) => ({ line, changed: false, found: [] });
    const run = (some: object) => ask('POST', 'redactions/dry-run', { lines, ...some });
    expect((await run({ stream: 'web' })).json()).toEqual({
      results: [changed, same(lines[1]), same(lines[2])],
    });
    expect((await run({})).json()).toEqual({ results: lines.map(same) });
    expect((await run({ stream: 'web', at: 'store' })).json()).toEqual({ results: lines.map(same) });
  });

  it('tries rules that are not in force', async () => {
    const rules = [{ action: 'drop', fields: ['password'] }];
    const answer = await ask('POST', 'redactions/dry-run', { lines, rules });
    expect(answer.json().results[1]).toEqual({
      ...{ line: '{}', changed: true },
      found: [{ rule: 'rules[0]', what: 'password' }],
    });
    expect(api.bus.lines).toEqual([]);
  });

  it.each([{ lines: [] }, { lines: ['a\nb'] }, {}, { lines: ['a'], rules: [{ action: 'mask' }] }])(
    'is refused as %j',
    async (payload) => {
      expect((await ask('POST', 'redactions/dry-run', payload)).json()).toMatchObject({ status: 400 });
    },
  );
});
