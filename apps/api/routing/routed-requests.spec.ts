import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EventBusError } from '#event-bus';
import { requestRows } from '#event-model';
import { BlockOutcomes } from '#ledger';
import { RULE, startRoutingApi, type RoutingApi } from './testing/routing-api.js';

const DROP = { when: { contains: ['noise'] }, action: { drop: { policy: 'quiet' } } };
const BODY = '{"m":"audit 1"}\n{"m":"other 2"}\n{"m":"noise 3"}\n{"m":"audit 4"}\n';

let api: RoutingApi;
beforeEach(async () => {
  api = await startRoutingApi();
});
afterEach(() => api.stop());

const blocks = () =>
  api.bus.blocks.map(({ header: { stream, count, dropped, parser }, body }) => ({
    ...{ stream, count, lines: Buffer.from(body).toString().split('\n').slice(0, -1) },
    ...(dropped !== undefined && { dropped }),
    ...(parser !== undefined && { parser }),
  }));

async function rule(name: string, body: object): Promise<void> {
  expect((await api.ask('PUT', `rules/${name}`, body)).statusCode).toBe(200);
}

describe('a request whose events go several ways', () => {
  beforeEach(async () => {
    await rule('audit', RULE);
    await rule('noise', DROP);
  });

  it('is written in one batch, a block for each way, under one receipt', async () => {
    const answer = await api.send(BODY);
    expect([answer.statusCode, answer.json()]).toEqual([
      202,
      { accepted: 4, receipt: expect.stringMatching(/\+2\.0-3\.default\.admin\.quiet~1\./) },
    ]);
    expect(blocks()).toEqual([
      { stream: 'audit', count: 2, lines: ['{"m":"audit 1"}', '{"m":"audit 4"}'] },
      { stream: 'default', count: 1, lines: ['{"m":"other 2"}'] },
      { stream: 'default', count: 1, lines: [], dropped: 'quiet' },
    ]);
    const [first] = api.bus.blocks;
    expect(requestRows(first!.header, [0, 1])).toEqual([0, 3]);
  });

  it('has a receipt that unites what became of all of them', async () => {
    const { receipt } = (await api.send(BODY)).json();
    const read = async () => (await api.ask('GET', `receipts/${receipt}`)).json();
    expect(await read()).toMatchObject({ accepted: 4, pending: 3, stored: 0, dropped: 1 });
    const [audit] = api.bus.blocks.map(({ header }) => header);
    const outcomes = new BlockOutcomes(api.catalogue);
    const common = { tenant: 'default', source: 'admin', receivedMinute: 0, offset: 0 };
    const none = { quarantined: [], deduplicated: [], dropped: {} };
    await api.catalogue.write(
      outcomes.changesFor([
        {
          ...{ ...common, ...none, block: audit!.id, stream: 'audit', count: 2, indexes: audit!.indexes! },
          quarantined: [{ row: 1, reason: 'missing:user_id' }],
        },
      ]),
    );
    api.bus.commitAll();
    expect(await read()).toEqual({
      ...{ accepted: 4, stored: 2, quarantined: 1, deduplicated: 0, dropped: 1, pending: 0 },
      dropped_by: { quiet: 1 },
      refused: [expect.objectContaining({ index: 3, code: 'missing:user_id' })],
    });
  });

  it('is counted by rule once it is durable, and in the metrics', async () => {
    await api.send(BODY);
    await api.send('{"m":"noise"}\n');
    api.bus.failure = new EventBusError('bus_unavailable', 'away');
    expect((await api.send(BODY)).statusCode).toBe(503);
    const { rules } = (await api.ask('GET', 'rules')).json();
    expect(rules.map((one: { counts: object }) => one.counts)).toEqual([
      { matched: 2, dropped: 0, sampled_out: 0 },
      { matched: 2, dropped: 2, sampled_out: 0 },
    ]);
    const metrics = await api.metrics.metrics();
    for (const line of ['matched"} 4', 'dropped"} 2', 'sampled_out"} 0', 'unmatched"} 1'])
      expect(metrics).toContain(`alluvium_routing_events_total{outcome="${line}`);
  });

  it('is repeated with its key exactly, whatever the rules are by then', async () => {
    const once = () => api.send(BODY, undefined, { 'idempotency-key': 'k' });
    const first = await once();
    await api.ask('PUT', 'rules', { rules: [] });
    const second = await once();
    expect([second.statusCode, second.json()]).toEqual([202, first.json()]);
    expect(second.headers['idempotency-replayed']).toBe('true');
    expect(api.bus.blocks).toHaveLength(3);
    const other = await api.send('{"m":1}\n', undefined, { 'idempotency-key': 'k' });
    expect(other.json().code).toBe('idempotency_key_reused');
  });

  it('with a single way shares blocks with others, and one that is dropped whole has no bytes', async () => {
    await api.send('{"m":"audit"}\n');
    await api.send('{"m":"noise"}\n{"m":"noise"}\n');
    expect(blocks()).toEqual([
      { stream: 'audit', count: 1, lines: ['{"m":"audit"}'] },
      { stream: 'default', count: 2, lines: [], dropped: 'quiet' },
    ]);
    expect(api.bus.backlog().bytes).toBe(14);
  });

  it('that is dropped whole has a receipt that is settled at once', async () => {
    const headers = { 'idempotency-key': 'gone' };
    const answers = [
      await api.send('{"m":"noise"}\n{"m":"noise"}\n'),
      await api.send('{"m":"noise"}\n', undefined, headers),
    ];
    for (const [at, events] of [2, 1].entries()) {
      const { receipt } = answers[at]!.json();
      expect((await api.ask('GET', `receipts/${receipt}`)).json()).toEqual({
        ...{ accepted: events, stored: 0, quarantined: 0, deduplicated: 0, dropped: events, pending: 0 },
        ...{ dropped_by: { quiet: events }, refused: [] },
      });
    }
  });

  it('is as it was sent once the rules are disabled', async () => {
    for (const name of ['audit', 'noise']) await api.ask('PATCH', `rules/${name}`, { enabled: false });
    await api.send(BODY);
    expect(blocks().map(({ stream, count }) => [stream, count])).toEqual([['default', 4]]);
  });

  it('of another tenant is not asked about', async () => {
    const authorization = api.access.add('else', undefined, { tenant: 'else' });
    await api.send(BODY, undefined, { authorization });
    expect(blocks().map(({ count }) => count)).toEqual([4]);
  });

  it('is checked whole in strict mode, without what is dropped, and told by its own places', async () => {
    const url = '/api/v1/events?strict=true';
    const body = '{"m":"other"}\n{"m":"noise","timestamp":"x"}\n{"m":"audit","timestamp":"x"}\n[]\n';
    const headers = { authorization: api.admin, 'content-type': 'application/x-ndjson' };
    const answer = await api.inject({ method: 'POST', url, payload: body, headers });
    expect(answer.json()).toMatchObject({
      ...{ code: 'events_invalid', errors_total: 2 },
      errors: [
        { index: 2, code: 'bad:timestamp' },
        { index: 3, code: 'not_object' },
      ],
    });
    expect(api.bus.blocks).toEqual([]);
  });
});

describe('text', () => {
  it('goes to the parser and the stream that a rule names', async () => {
    await rule('fw', {
      when: { fields: [{ field: 'host', equals: ['fw-9'] }] },
      action: { stream: 'web', parser: 'shout' },
    });
    await api.send('<13>Nov 21 05:00:00 fw-9 kernel: x\n<13>Nov 21 05:00:00 web-1 app: y\n', 'text/plain');
    expect(blocks().map(({ stream, parser, count }) => [stream, parser, count])).toEqual([
      ['web', 'shout', 1],
      ['default', 'auto', 1],
    ]);
  });

  it('and JSON go by how they were sent, from where and by whom', async () => {
    await rule('app', {
      when: { sources: ['app-*'], keys: ['admin'], format: 'json' },
      action: { stream: 'web' },
    });
    await api.send('{"a":1}\n', undefined, { 'alluvium-source': 'app-7' });
    await api.send('{"a":2}\n');
    await api.send('a\n', 'text/plain', { 'alluvium-source': 'app-7' });
    expect(blocks().map(({ stream, lines }) => [stream, ...lines])).toEqual([
      ['web', '{"a":1}'],
      ['default', '{"a":2}'],
      ['default', 'a'],
    ]);
  });
});

it('a sample drops the others by its policy', async () => {
  await rule('few', { action: { sample: { one_in: 4, policy: 'few' } } });
  await api.send('{"same":1}\n'.repeat(1_000));
  const [kept, gone] = [false, true].map((isGone) =>
    blocks()
      .filter(({ dropped }) => (dropped === 'few') === isGone)
      .reduce((sum, { count }) => sum + count, 0),
  );
  expect((kept ?? 0) + (gone ?? 0)).toBe(1_000);
  expect(kept).toBeGreaterThan(150);
  expect(kept).toBeLessThan(350);
});

it('what moves to another stream loses what the rules of both take out, once', async () => {
  const mask = { action: 'mask', detectors: ['card'] };
  await api.ask('PUT', 'redactions/cards', { ...mask, stream: 'audit' });
  await api.ask('PUT', 'redactions/people', { action: 'hash', detectors: ['email'] });
  await rule('audit', RULE);
  await api.send('{"a":"4111 1111 1111 1111 b@c.de"}\n{"audit":"4111 1111 1111 1111 b@c.de"}\n');
  const [sent = '', moved = ''] = blocks()
    .toSorted((a, b) => (a.stream < b.stream ? 1 : -1))
    .flatMap(({ lines }) => lines);
  expect(sent).toMatch(/^\{"a":"4111 1111 1111 1111 \[email:[0-9a-f]{32}\]"\}$/);
  expect(moved).toBe(sent.replace('"a"', '"audit"').replace('4111 1111 1111 1111', '[redacted:card]'));
});

it('a stream that a rule names and that is gone refuses the request, and nothing is written', async () => {
  await rule('audit', RULE);
  const record = { collection: 'streams', id: 'default/audit', value: undefined };
  await api.catalogue.write([record]);
  const answer = await api.send(BODY);
  expect([answer.statusCode, answer.json().code, api.bus.blocks]).toEqual([404, 'stream_unknown', []]);
});
