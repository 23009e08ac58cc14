import { expect, it } from 'vitest';
import type { Plan, Run, Status, Unit } from './retention-answers.js';
import { describePlan, describeRun, describeRuns, describeStatus } from './retention-texts.js';

const DAY: Unit = { stream: 'web', day: '2025-06-01', events: 5, bytes: 2048, why: 'age', policy: 'tenant' };
const TWO = { units: 2, events: 12, bytes: 4096 };
const NONE = { units: 0, events: 0, bytes: 0 };
const TRUSTED = { state: 'trusted' };

const PLAN: Plan = {
  ...{ id: 'plan-1', clock: TRUSTED, saves_policies: true, left_for_later: 3 },
  totals: { leaves: TWO, held: { ...TWO, units: 1 }, storage_before: 8192, storage_after: 4096 },
  ...{ leaving: [DAY], held: [{ ...DAY, day: '2025-06-02', held_by: ['case'] }] },
};

it('a plan has a line for each day, what holds keep, the sums, and how it is applied', () => {
  const text = describePlan(PLAN);
  expect(text).toMatch(/^web +deleted +2025-06-01 +5 +2\.00 KiB +age +tenant +-$/m);
  expect(text).toMatch(/^web +kept +2025-06-02 .* case$/m);
  expect(text).toContain(
    'Would be deleted: 2 days, 12 events, 4.00 KiB. Storage: 8.00 KiB before, 4.00 KiB after.',
  );
  expect(text).toContain('Holds keep: 1 day, 12 events, 4.00 KiB.\nLeft for another plan: 3 days.');
  expect(text).toContain('no policy saved. To do it, within a day: alluvium retention apply plan-1');
});

it('a plan says what storage costs, where prices are set', () => {
  const cost = { currency: 'EUR', per_month_before: 3.5, per_month_after: 1, unpriced_tiers: ['archive'] };
  expect(describePlan({ ...PLAN, totals: { ...PLAN.totals, cost } })).toContain(
    'Storage costs 3.5 EUR a month before, 1 after. Without a price: archive.\n',
  );
  expect(describePlan(PLAN)).not.toContain('costs');
});

it('a plan of copies says what is copied, and that nothing was yet', () => {
  const totals = { leaves: NONE, held: NONE, copies: TWO, storage_before: 8192, storage_after: 8192 };
  const text = describePlan({ ...PLAN, totals, leaving: [], held: [], copying: [DAY] });
  expect(text).toMatch(/^web +copied +2025-06-01 +5/m);
  expect(text).toContain('Would be copied into the archive: 2 days, 12 events, 4.00 KiB.');
  expect(text).toContain('Nothing was done, and no policy saved.');
});

it('a plan of moves says what only the archive answers for, what leaves search then, and what is deleted there', () => {
  const totals = {
    ...{ leaves: TWO, evicts: TWO, moves: TWO, held: NONE },
    ...{ storage_before: 8192, storage_after: 8192 },
  };
  const evicted = { ...DAY, kept_in: 'archive' };
  const lists = { leaving: [evicted], held: [], moving: [DAY], expiring: [DAY] };
  const text = describePlan({ ...PLAN, totals, ...lists });
  for (const fate of ['evicted', 'moved', 'deleted'])
    expect(text).toMatch(new RegExp(`^web +${fate} +2025-06-01`, 'm'));
  expect(text).toContain('Would be answered from the archive only: 2 days, 12 events, 4.00 KiB.');
  expect(text).toContain(
    'Would leave search, answered from the archive already: 2 days, 12 events, 4.00 KiB.',
  );
});

it('a plan of nothing says so, and that the clock is doubted', () => {
  const clock = { state: 'doubted', detail: 'It was set 3 h ahead.' };
  const nothing = { ...PLAN, clock, leaving: [], held: [] };
  expect(describePlan(nothing)).toBe(
    'Nothing would be deleted, copied or moved.\nThe clock is not trusted (doubted). It was set 3 h ahead.\n',
  );
});

const RUN: Run = {
  ...{ id: 'plan-1', by: { kind: 'schedule' }, state: 'done', begun_at: '2026-11-22T02:00:00.000Z' },
  ...{ planned: TWO, removed: { ...TWO, units: 1 }, kept: { ...TWO, units: 1 } },
  read_back: { gone: 1, with_later_events: 0, wrong: 0 },
  units: [
    { ...DAY, outcome: 'removed' },
    { ...DAY, day: '2025-06-02', outcome: 'kept', reason: 'held', detail: 'Held: case\u001b[2J (x).' },
  ],
};

it('a run tells what it kept and why, safe for a terminal, and what was read back', () => {
  const text = describeRun(RUN);
  expect(text).toContain('The run plan-1 ended as done.\nPlanned: 2 days');
  expect(text).toMatch(/^ {2}web 2025-06-02: Held: case/m);
  expect(text).not.toContain('\u001b');
  expect(text).not.toContain('2025-06-01');
  expect(text).toContain('1 are gone, 0 have only events that came later, 0 still have what was planned.');
  expect(describeRun({ ...RUN, state: 'failed', error: 'The engine rests.' })).toContain(
    'ended as failed: The engine rests.\n',
  );
});

it('a run tells what it copied, and what it did not and why', () => {
  const damaged = { ...DAY, outcome: 'not_copied', reason: 'damaged', detail: 'Other bytes were read back.' };
  const text = describeRun({ ...RUN, copied: TWO, not_copied: { ...TWO, units: 1 }, units: [damaged] });
  expect(text).toContain('Copied into the archive: 2 days, 12 events, 4.00 KiB.\nNot copied: 1 day, ');
  expect(text).toContain('  web 2025-06-01: Other bytes were read back.');
  expect(describeRun({ ...RUN, copied: NONE, not_copied: NONE })).not.toContain('opied');
});

it('runs are a line each, by a key or by the schedule', () => {
  const byKey = { ...RUN, by: { kind: 'key', key_name: 'ops' }, removed: NONE, kept: NONE };
  const text = describeRuns([RUN, byKey]);
  expect(text).toMatch(/^plan-1 +2026-11-22T02:00:00 +schedule +done +2 days, 4\.00 KiB +1 day, /m);
  expect(text).toMatch(/^plan-1 .* ops +done +2 days, 4\.00 KiB +- +-$/m);
});

it('a status has a line for each stream, and says when policies are applied next', () => {
  const status: Status = {
    ...{ clock: TRUSTED, first_plan_applied_at: null, schedule: { next_at: '2026-11-23T02:00:00.000Z' } },
    streams: [
      {
        ...{ stream: 'web', policy: 'tenant', keep: 'search 7d -> delete' },
        tiers: [
          {
            ...{ tier: 'search', stored: TWO, overdue: { ...TWO, units: 1 }, held: NONE },
            ...{
              oldest_stored: '2025-06-01',
              next: { day: '2026-11-22', leaves_at: '2026-11-30T00:00:00.000Z' },
            },
          },
        ],
      },
    ],
  };
  const line =
    /^web +search +search 7d -> delete +tenant +2 days, 4\.00 KiB +2025-06-01 +1 day, .* +- +2026-11-30$/m;
  expect(describeStatus(status)).toMatch(line);
  expect(describeStatus(status)).toContain('Nothing is deleted yet');
  const lost = { stream: 'web', day: '2026-11-01', expected: 10, found: 4, since: '2026-11-22T02:00:00Z' };
  expect(describeStatus({ ...status, table_ttls: [{ stream: 'web', ttl: 'TTL a + 1\u001b[2J' }] })).toMatch(
    /^DELETED BY THE ENGINE, whatever policies say: the table of web has TTL a \+ 1[^\u001b]*$/m,
  );
  expect(describeStatus({ ...status, lost_units: [lost] })).toContain(
    'LOST, and not by retention: web 2026-11-01 has 4 of 10 events, seen first at 2026-11-22T02:00:00Z.',
  );
  const object = { stream: 'web', day: '2026-11-01', key: 'a/b.parquet', what: 'missing', since: 'then' };
  const refused = [{ stream: 'web', key: 'a.parquet', detail: 'It may not.', since: 'now' }];
  expect(describeStatus({ ...status, legal_holds: { refused } })).toContain(
    'LEGAL HOLD REFUSED by the store: web, a.parquet, seen first at now. It may not.',
  );
  expect(describeStatus({ ...status, damaged_archives: [object] })).toContain(
    'DAMAGED in the archive: web 2026-11-01, a/b.parquet is missing, seen first at then.',
  );
  const archive = { tier: 'archive', stored: TWO, due: NONE, oldest_stored: '2025-06-01' };
  const streams = status.streams.map((stream) => ({ ...stream, archive }));
  expect(describeStatus({ ...status, streams })).toMatch(
    /^web +archive +2 days, 4\.00 KiB +2025-06-01 +- +- +-$/m,
  );
  const applied = describeStatus({ ...status, first_plan_applied_at: '2026-11-22T02:00:00.000Z' });
  expect(applied).toContain('Policies are applied next at 2026-11-23T02:00:00.000Z.');
});
