import assert from 'node:assert/strict';
import type { FieldsQuery, StreamSpec } from '#plugin-kit';
import type { TierCase } from './contract-case.js';
import { makeQuery, makeStream, storeLines } from './scene.js';

/** What is told of the fields that events have. */
export const fieldsCases: readonly TierCase[] = [
  {
    promise: 'fields',
    name: 'are the declared ones and those that events bring, of all streams, with their share and values',
    distributed: 'the same statements; $objectToArray over a $sample',
    async run({ tier, tenant }) {
      const streams = [makeStream(tenant), makeStream(tenant, 'more')];
      for (const stream of streams) await tier.prepare(stream);
      const [first, second] = streams as [StreamSpec, StreamSpec];
      await storeLines(tier, first, ['{"region":"eu","a":1}', '{"region":"us","status":200}']);
      await storeLines(tier, second, ['{"region":"eu","b":{"c":true}}', '{"a":"x"}']);
      const { events, fields } = await tier.fields(makeFieldsQuery(streams));
      assert.equal(events, 4);
      const shown = fields.map(({ name, types, declaredIn, ...field }) =>
        [name, types.join('|'), declaredIn.length, field.events, field.cardinality].join(' '),
      );
      for (const line of [
        'region keyword 2 3 2',
        'status uint16 2 1 1',
        'a number|string 0 2 2',
        'b object 0 1 1',
      ])
        assert.ok(shown.includes(line), `${line} is not among ${shown.join(', ')}`);
      const region = fields.find(({ name }) => name === 'region');
      assert.deepEqual(region?.topValues[0], { value: 'eu', events: 2 });
    },
  },
  {
    promise: 'fields',
    name: 'may be asked for one by one, also inside others, and also where no event has it',
    distributed: 'the same statements; $group by the field',
    async run({ tier, tenant }) {
      const stream = makeStream(tenant);
      await tier.prepare(stream);
      await storeLines(tier, stream, ['{"b":{"c":true}}', '{"b":{"c":false}}', '{"b":{"c":true}}', '{}']);
      const ask = async (field: string) => (await tier.fields(makeFieldsQuery([stream], { field }))).fields;
      const [inner] = await ask('b.c');
      assert.deepEqual([inner?.events, inner?.of, inner?.cardinality], [3, 4, 2]);
      assert.deepEqual(inner?.topValues[0], { value: true, events: 2 });
      assert.deepEqual(
        (await ask('nowhere')).map(({ events, topValues }) => [events, topValues]),
        [[0, []]],
      );
    },
  },
];

function makeFieldsQuery(streams: readonly StreamSpec[], more: Partial<FieldsQuery> = {}): FieldsQuery {
  const { tenant, from, to, filter, timeoutMs } = makeQuery(streams);
  return { tenant, streams, from, to, filter, timeoutMs, topValues: 5, sampleEvents: 1_000, ...more };
}
