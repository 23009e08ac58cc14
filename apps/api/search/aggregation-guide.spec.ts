import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { MAX_BUCKETS } from '#plugin-kit';
import { aggregateRequestSchema, MAX_GROUPS } from './aggregate-request.schema.js';
import { SAMPLE_EVENTS } from './fields-request.schema.js';

const guide = readFileSync(join(import.meta.dirname, '../../../docs/guide/aggregation.md'), 'utf8');
const examples = [...guide.matchAll(/```json\n([\s\S]+?)```/g)].map(([, text = '']) => text);

it.each(examples)('the guide has an example that is taken: %s', (text) => {
  expect(aggregateRequestSchema.safeParse(JSON.parse(text)).error).toBeUndefined();
});

it('the guide says the limits as they are', () => {
  expect(examples.length).toBeGreaterThan(2);
  for (const limit of [MAX_BUCKETS, MAX_GROUPS, SAMPLE_EVENTS])
    expect(guide).toContain(limit.toLocaleString('en-GB'));
});
