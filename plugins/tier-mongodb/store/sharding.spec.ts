import { expect, it } from 'vitest';
import { makeEventType } from '#plugin-kit/testing';
import { shardingOf } from './sharding.js';

it('a cluster is told to spread a stream by a hash of _id, the only key that keeps it unique (no cluster runs here)', () => {
  const stream = {
    tenant: 'acme',
    name: 'web',
    eventType: makeEventType({}),
    keepRaw: 'when_needed',
  } as const;
  expect(shardingOf('alluvium', stream)).toEqual([
    { shardCollection: 'alluvium.events.acme.web', key: { _id: 'hashed' } },
    { shardCollection: 'alluvium.counts.acme.web', key: { _id: 'hashed' } },
  ]);
});
