import { describe, expect, it } from 'vitest';
import type { StreamArchive } from '#archived-units';
import type { NamedPolicy } from '../policies/policy.js';
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
