import { describe, expect, it } from 'vitest';
import { REFUSED_LINE } from '#event-model';
import { makeEventType } from '#plugin-kit/testing';
import { newCounters } from './enrichment-counters.js';
import { GuardedEnricher } from './guarded-enricher.js';
import { LineEnricher, type EnrichmentUse } from './line-enricher.js';

const TYPE = makeEventType({
  fields: [
    { name: 'state', type: 'keyword', aliases: ['status'], description: '' },
    { name: 'count', type: 'uint16', description: '' },
  ],
});
const KNOWN: Readonly<Record<string, Record<string, string | number>>> = {
  '1.2.3.4': { 'geo.country': 'DE', n: 5 },
  'web-1': { owner: 'shop', state: 'live', count: 'many' },
  shop: { boss: 'ann' },
};

function use(field: string, prefix?: string): EnrichmentUse {
  const enricher = new GuardedEnricher(
    {
      open: async () => ({ title: '' }),
      enrich: (values) => values.map((value) => (Object.hasOwn(KNOWN, value) ? KNOWN[value] : undefined)),
      close: () => {},
    },
    { now: () => 0, failed: () => {} },
  );
  const rule = { field, ...(prefix !== undefined && { prefix }) };
  return { rule, source: { enricher, settled: Promise.resolve() }, counters: newCounters() };
}

async function enrich(text: string | Buffer, ...uses: readonly EnrichmentUse[]): Promise<string> {
  const made = await new LineEnricher(uses).body(Buffer.from(text), TYPE);
  return Buffer.from(made).toString('latin1');
}

describe('lines', () => {
  it.each([
    ['{"ip":"1.2.3.4"}\n', '{"ip":"1.2.3.4","geo.country":"DE","n":5}\n'],
    ['{"a":1,  "ip" : "1.2.3.4" }  \n', '{"a":1,  "ip" : "1.2.3.4" ,"geo.country":"DE","n":5}  \n'],
    ['{"\\u0069p":"1.2.3.4"}\n', '{"\\u0069p":"1.2.3.4","geo.country":"DE","n":5}\n'],
    ['{"ip":"1.2.3.4","n":null}\n', '{"ip":"1.2.3.4","n":null,"geo.country":"DE"}\n'],
    ['{"ip":"1.2.3.4","geo":{"country":"FR"}}\n', '{"ip":"1.2.3.4","geo":{"country":"FR"},"n":5}\n'],
    ['{"attributes":{"ip":"1.2.3.4","n":1}}\n', '{"attributes":{"ip":"1.2.3.4","n":1},"geo.country":"DE"}\n'],
  ])('of %s become %s', async (line, expected) => {
    expect(await enrich(line, use('ip'))).toBe(expected);
  });

  it.each([
    '{"ip":"9.9.9.9"}\n',
    '{"ip":5}\n',
    '{"ip":{}}\n',
    '{}\n',
    'ip 1.2.3.4\n',
    '{"ip":"1.2.3.4"\n',
    '[{"ip":"1.2.3.4"}]\n',
    '\xff{"ip":"1.2.3.4"}\n',
  ])('of %j stay as they came, the same bytes', async (line) => {
    const body = Buffer.from(line, 'latin1');
    expect(await new LineEnricher([use('ip')]).body(body, TYPE)).toBe(body);
  });

  it('that a parser refused stay so, whatever stands in them', async () => {
    const line = Buffer.concat([Buffer.from([REFUSED_LINE]), Buffer.from('no_ip{"ip":"1.2.3.4"}\n')]);
    expect(await enrich(line, use('ip'))).toBe(line.toString('latin1'));
  });

  it('have a prefix before what is added', async () => {
    expect(await enrich('{"ip":"1.2.3.4"}\n', use('ip', 'client'))).toBe(
      '{"ip":"1.2.3.4","client.geo.country":"DE","client.n":5}\n',
    );
  });

  it('are looked up by what was added before, in the order of the rules', async () => {
    const [first, second] = [use('host'), use('owner')];
    expect(await enrich('{"host":"web-1"}\n', first, second)).toBe(
      '{"host":"web-1","owner":"shop","state":"live","boss":"ann"}\n',
    );
    expect(await enrich('{"host":"web-1"}\n', second, first)).not.toContain('boss');
  });

  it('get no field that the event has under another key of the same field, and none of a wrong type', async () => {
    const one = use('hostname');
    expect(await enrich('{"host":"web-1","status":"dead"}\n', one)).toBe(
      '{"host":"web-1","status":"dead","owner":"shop"}\n',
    );
    expect(one.counters).toEqual({ looked_up: 1, found: 1, missed: 0, failed: 0, kept: 1, unfit: 1 });
  });

  it('go their way where there is no data, and are counted', async () => {
    const one = { ...use('ip'), source: { enricher: undefined, settled: Promise.resolve() } };
    const lines = '{"ip":"1.2.3.4"}\n{"ip":"9.9.9.9"}\n{"a":1}\n';
    expect(await enrich(lines, one)).toBe(lines);
    expect(one.counters).toMatchObject({ looked_up: 2, failed: 2, found: 0 });
  });

  it('keep their order and number, in many pieces', async () => {
    const lines = Array.from({ length: 2_000 }, (_, n) =>
      n % 3 === 0 ? `{"n":${n}}` : `{"m":${n},"ip":"1.2.3.4"}`,
    );
    const made = (await enrich(`${lines.join('\n')}\n`, use('ip'))).split('\n');
    expect(made.length).toBe(2_001);
    made
      .slice(0, -1)
      .forEach((line, n) => expect(JSON.parse(line)).toMatchObject(n % 3 === 0 ? { n } : { m: n, n: 5 }));
  });

  it('take no more than 64 KiB', async () => {
    const long = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`f${n}`, 'x'.repeat(8_000)]));
    const one = use('ip');
    const enricher = new GuardedEnricher(
      { open: async () => ({ title: '' }), enrich: (values) => values.map(() => long), close: () => {} },
      { now: () => 0, failed: () => {} },
    );
    const made = await enrich('{"ip":"1"}\n', { ...one, source: { ...one.source, enricher } });
    expect(made.length).toBeLessThan(66_000);
    expect(one.counters.unfit).toBe(12);
  });
});
