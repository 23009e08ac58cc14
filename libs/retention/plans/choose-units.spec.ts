import { describe, expect, it } from 'vitest';
import type { ArchivedUnit, StreamArchive } from '#archived-units';
import type { NamedPolicy } from '../policies/policy.js';
import { chooseCopies } from './choose-copies.js';
import { chooseExpiring } from './choose-expiring.js';
import { chooseUnits, policyOf, type StreamUnit } from './choose-units.js';

const NOW = Date.parse('2026-11-22T00:00:00Z');
const MB = 1_000_000;

const unit = (stream: string, day: number, part: Partial<StreamUnit> = {}): StreamUnit => ({
  ...{ stream, eventType: 'log', day, generation: 0, events: 10, bytes: MB, oldest: 0n, newest: 0n },
  ...part,
});
const policy = (name: string, keep: string, part: Partial<NamedPolicy> = {}): NamedPolicy => ({
  ...{ name, keep, class: 'normal', ...part },
});
const context = (...policies: readonly NamedPolicy[]) => ({
  ...{ policies, keepByDefault: 'search 30d -> delete', now: NOW, diskBytes: 100 * MB },
  ...{ archives: new Map<string, StreamArchive>(), graceMs: 86_400_000 },
});
const chosen = (units: readonly StreamUnit[], given: ReturnType<typeof context>) =>
  chooseUnits(units, given).map(({ unit: one, why, policy: by }) => `${one.stream} ${one.day} ${why} ${by}`);

describe('by age', () => {
  it('a day leaves at the moment at which its end is as old as the policy says, and not before', () => {
    const web = [unit('web', 20261120), unit('web', 20261121)];
    const given = context(policy('stream:web', 'search 1d -> delete'));
    expect(chosen(web, given)).toEqual(['web 20261120 age stream:web']);
    expect(chosen(web, { ...given, now: NOW - 1 })).toEqual([]);
  });

  it('the nearest policy counts, and the setting where there is none; forever keeps', () => {
    const old = ['web', 'shop', 'login', 'other'].map((name) =>
      unit(name, 20260101, { eventType: name === 'login' ? 'login' : 'log' }),
    );
    const given = context(
      policy('stream:web', 'search forever'),
      policy('stream:shop', 'search 9d -> delete'),
      policy('event-type:login', 'search 1y -> delete'),
    );
    expect(chosen(old, given)).toEqual(['other 20260101 age default', 'shop 20260101 age stream:shop']);
    expect(policyOf(given, { name: 'login', eventType: 'login' }).name).toBe('event-type:login');
  });

  it('days of the future stay, and each generation leaves on its own', () => {
    const given = context(policy('tenant', 'search 1d -> delete'));
    const units = [unit('web', 20261123), unit('web', 20261101, { generation: 1 }), unit('web', 20261101)];
    expect(chooseUnits(units, given).map(({ unit: one }) => one.generation)).toEqual([0, 1]);
  });
});

it('documents stay where they are for as long as a policy keeps events anywhere: no archive takes them', () => {
  const given = {
    ...context(
      policy('stream:web', 'search 1d -> archive 9d -> delete'),
      policy('tenant', 'search 1d -> archive forever'),
    ),
    documents: new Set(['web', 'shop']),
  };
  const keptOf = (name: string) => policyOf(given, { name, eventType: 'log' }).keep;
  expect(['web', 'shop', 'other'].map(keptOf)).toEqual([
    'search 10d -> delete',
    'search forever',
    'search 1d -> archive forever',
  ]);
  const units = [unit('web', 20261101), unit('web', 20261115), unit('shop', 20200101)];
  expect(chooseUnits(units, given).map(({ unit: one, step }) => `${one.stream} ${one.day} ${step}`)).toEqual([
    'web 20261101 delete',
  ]);
  expect(chooseCopies({ units, context: given }, [])).toEqual([]);
});

describe('by size', () => {
  const days = [20261117, 20261118, 20261119, 20261120];
  it('the oldest days of all streams under the policy leave until it is met', () => {
    const units = days.flatMap((day) => [unit('web', day), unit('shop', day)]);
    const given = context(policy('tenant', 'search forever', { max_bytes: 5 * MB }));
    expect(chosen(units, given)).toEqual([
      'shop 20261117 size tenant',
      'web 20261117 size tenant',
      'shop 20261118 size tenant',
    ]);
    expect(chosen(units, context(policy('tenant', 'search forever', { max_bytes: 8 * MB })))).toEqual([]);
  });

  it('what leaves for its age counts as gone', () => {
    const given = context(policy('tenant', 'search 3d -> delete', { max_bytes: 2 * MB }));
    expect(
      chosen(
        days.map((day) => unit('web', day)),
        given,
      ),
    ).toEqual(['web 20261117 age tenant', 'web 20261118 age tenant']);
  });

  it('the share of the disk is a size, the smaller limit counts, and without a disk it is none', () => {
    const units = days.map((day) => unit('web', day));
    const both = policy('tenant', 'search forever', { max_bytes: 3 * MB, max_disk_share: 0.02 });
    expect(chosen(units, context(both))).toEqual([
      'web 20261117 disk_share tenant',
      'web 20261118 disk_share tenant',
    ]);
    expect(chosen(units, { ...context(both), diskBytes: 0 })).toEqual(['web 20261117 size tenant']);
  });

  it('a day that is not over stays, whatever its size', () => {
    const given = context(policy('tenant', 'search forever', { max_bytes: MB }));
    const today = [unit('web', 20261121), unit('web', 20261122, { bytes: 50 * MB }), unit('web', 20261123)];
    expect(chosen(today, given)).toEqual(['web 20261121 size tenant']);
  });
});

describe('a policy with the archive', () => {
  const archived = (day: number, state: ArchivedUnit['state'], since?: string): ArchivedUnit => ({
    ...{ day, generation: 0, events: 10, oldest: '0', newest: '0', sources: [], through: 'ff', state },
    ...{ manifest: { key: 'm', sha256: 'a' }, files: [], schema: 0, copied_at: '' },
    ...(since !== undefined && { answering_since: since }),
  });
  const withArchive = (keep: string, units: readonly ArchivedUnit[], part: Partial<NamedPolicy> = {}) => ({
    ...context(policy('stream:web', keep, part)),
    archives: new Map([['web', { schemas: [], units, discarded: [] }]]),
  });
  const steps = (units: readonly StreamUnit[], given: ReturnType<typeof context>) =>
    chooseUnits(units, given).map(({ unit: one, step, why }) => `${one.day} ${step} ${why}`);
  const web = [20260101, 20261101, 20261115, 20261121].map((day) => unit('web', day));

  it('moves what is over in search, and deletes what is over in both', () => {
    expect(steps(web, withArchive('search 7d -> archive 60d -> delete', []))).toEqual([
      '20260101 delete age',
      '20261101 move age',
    ]);
    expect(steps(web, withArchive('search 30d -> archive from 1d forever', []))).toEqual([
      '20260101 move age',
    ]);
    expect(steps(web, withArchive('search forever -> archive from 1d forever', []))).toEqual([]);
  });

  it('evicts what the archive has answered for longer than the grace, whatever the policy says by now', () => {
    const units = [
      archived(20260101, 'answering', '2026-11-21T00:00:00Z'),
      archived(20261101, 'answering', '2026-11-21T00:00:01Z'),
      archived(20261115, 'copied'),
    ];
    for (const keep of ['search 3d -> archive forever', 'search 7d -> archive 60d -> delete'])
      expect(steps(web, withArchive(keep, units))[0]).toBe('20260101 evict age');
    expect(steps(web, withArchive('search forever', units))).toEqual(['20260101 evict age']);
    expect(steps(web, withArchive('search 3d -> archive forever', units))).toEqual([
      '20260101 evict age',
      '20261115 move age',
    ]);
  });

  it('moves the oldest days early where they are too large, and counts none that is on its way out', () => {
    const keep = 'search forever -> archive from 90d forever';
    const units = [archived(20260101, 'answering', '2026-11-21T12:00:00Z')];
    expect(steps(web, withArchive(keep, units, { max_bytes: 2 * MB }))).toEqual(['20261101 move size']);
    expect(steps(web, withArchive(keep, units, { max_bytes: 3 * MB }))).toEqual([]);
    expect(
      chooseCopies(
        { units: web, context: withArchive(keep, units) },
        chooseUnits(web, withArchive(keep, units, { max_bytes: 2 * MB })),
      ).map(({ unit: one, why }) => `${one.day} ${why}`),
    ).toEqual(['20261101 size']);
  });

  it('deletes in the archive what only that has and no tier keeps, and nothing else', () => {
    const units = [
      archived(20260101, 'evicted'),
      archived(20260102, 'answering'),
      archived(20261101, 'evicted'),
    ];
    const streams = [{ name: 'web', eventType: 'log' }];
    const days = (keep: string) =>
      chooseExpiring(withArchive(keep, units), streams).map(({ unit: one }) => one.day);
    expect(days('search 7d -> archive 60d -> delete')).toEqual([20260101]);
    expect(days('search 7d -> archive 7d -> delete')).toEqual([20260101, 20261101]);
    expect([days('search 7d -> archive forever'), days('search forever')]).toEqual([[], []]);
  });
});
