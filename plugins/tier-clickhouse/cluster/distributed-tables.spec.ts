import { expect, it } from 'vitest';
import { nextEventType } from '#plugin-kit';
import { EVERY_FIELD } from '../testing/sample-events.js';
import { renderDistributed } from './distributed-tables.js';

const stream = { tenant: 'acme', name: 'web', eventType: EVERY_FIELD, keepRaw: 'when_needed' as const };

it('each table of a stream has one over all shards, the stream’s own last', () => {
  const statements = renderDistributed(stream, 'two');
  const made = statements.map((statement) => /^CREATE OR REPLACE TABLE (\S+)/.exec(statement)?.[1]);
  expect(made).toEqual([
    '`tenant_acme`.`distributed_parts`',
    '`tenant_acme`.`distributed_quarantine`',
    '`tenant_acme`.`events_distributed`',
    '`tenant_acme`.`distributed_roll_up.web.events_per_minute`',
    '`tenant_acme`.`distributed_roll_up.web.users_per_day`',
    '`tenant_acme`.`distributed_stream.web`',
  ]);
  expect(statements.at(-1)).toContain("Distributed('two', 'tenant_acme', 'stream.web') COMMENT 'layout ");
});

it('they are made again for another cluster, or other columns', () => {
  const last = (...args: Parameters<typeof renderDistributed>) => renderDistributed(...args).at(-1);
  const changed = { ...stream, eventType: nextEventType(EVERY_FIELD, { ...EVERY_FIELD, title: 'Other' }) };
  const added = {
    ...changed,
    eventType: nextEventType(EVERY_FIELD, {
      ...EVERY_FIELD,
      fields: [...EVERY_FIELD.fields, { name: 'more', type: 'keyword', description: 'More.' }],
    }),
  };
  expect(last(stream, 'other')).not.toBe(last(stream, 'two'));
  expect(last(added, 'two')).not.toBe(last(stream, 'two'));
});
