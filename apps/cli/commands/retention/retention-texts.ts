import { showBytes, showCounted } from '../../output/figures.js';
import { printable } from '../../output/printable.js';
import { renderTable } from '../../output/table.js';
import type { Clock, Figures, Plan, Run, Status, Unit } from './retention-answers.js';

const STATUS_HEAD = [
  'STREAM',
  'TIER',
  'KEPT',
  'POLICY',
  'STORED',
  'OLDEST DAY',
  'OVERDUE',
  'HELD',
  'NEXT LEAVES',
] as const;

/** A line for each stream and tier, and what stands in the way of deleting. */
export function describeStatus(status: Status): string {
  const rows = status.streams.flatMap(({ stream, keep, policy, tiers, archive }) => [
    ...tiers.map(({ tier, stored, oldest_stored: oldest, overdue, held, next }) => [
      ...[stream, tier, keep, policy, shortFigures(stored), oldest ?? '-'],
      ...[shortFigures(overdue), shortFigures(held), next?.leaves_at.slice(0, 10) ?? '-'],
    ]),
    ...(archive ? [archiveRow(stream, archive)] : []),
  ]);
  const first = status.first_plan_applied_at
    ? `Policies are applied next at ${printable(status.schedule.next_at ?? 'no time: that is off')}.\n`
    : 'Nothing is deleted yet: policies are applied daily from the first plan on that you apply.\n';
  const ttls = (status.table_ttls ?? []).map(ttlLine).join('');
  const lost = (status.lost_units ?? []).map(lostLine).join('');
  const damaged = (status.damaged_archives ?? []).map(damagedLine).join('');
  const missing = (status.missing_tiers ?? []).map(missingLine).join('');
  const refused = (status.legal_holds?.refused ?? []).map(refusedLine).join('');
  return `${renderTable(STATUS_HEAD, rows)}\n${first}${describeClock(status.clock)}${ttls}${lost}${damaged}${refused}${missing}`;
}

type RefusedHold = NonNullable<Status['legal_holds']>['refused'][number];

function refusedLine({ stream, key, detail, since }: RefusedHold): string {
  return `LEGAL HOLD REFUSED by the store: ${printable(stream)}, ${printable(key)}, seen first at ${printable(since)}. ${printable(detail)}\n`;
}

function missingLine({ tier, units }: NonNullable<Status['missing_tiers']>[number]): string {
  return `MISSING: the tier ${printable(tier)} has ${units} units, and its plugin is not there: put it back and trust it.\n`;
}

type DamagedObject = NonNullable<Status['damaged_archives']>[number];

function damagedLine({ stream, day, key, what, since }: DamagedObject): string {
  return `DAMAGED in the archive: ${printable(stream)} ${printable(day)}, ${printable(key)} is ${printable(what)}, seen first at ${printable(since)}.\n`;
}

type Archive = NonNullable<Status['streams'][number]['archive']>;

/** What is overdue there is a copy that is not made yet. */
function archiveRow(
  stream: string,
  { tier, stored, due, oldest_stored: oldest }: Archive,
): readonly string[] {
  return [stream, tier, '', '', shortFigures(stored), oldest ?? '-', shortFigures(due), '-', '-'];
}

type TableTtl = NonNullable<Status['table_ttls']>[number];

function ttlLine({ stream, ttl }: TableTtl): string {
  return `DELETED BY THE ENGINE, whatever policies say: the table of ${printable(stream)} has ${printable(ttl)}.\n`;
}

type LostUnit = NonNullable<Status['lost_units']>[number];

function lostLine({ stream, day, expected, found, since }: LostUnit): string {
  return `LOST, and not by retention: ${printable(stream)} ${printable(day)} has ${found} of ${showCounted(expected, 'event')}, seen first at ${printable(since)}.\n`;
}

const PLAN_HEAD = ['STREAM', 'WOULD BE', 'DAY', 'EVENTS', 'BYTES', 'WHY', 'POLICY', 'HELD BY'] as const;

/** Each day that would go or that a hold keeps, the sums, and how the plan is applied. */
export function describePlan(plan: Plan): string {
  const { leaves, held, copies, evicts, moves, storage_before: before, storage_after: after } = plan.totals;
  const { copying = [], moving = [], expiring = [] } = plan;
  if ([plan.leaving, plan.held, copying, moving, expiring].every(({ length }) => length === 0))
    return `Nothing would be deleted, copied or moved.\n${describeClock(plan.clock)}`;
  const sums = [
    `Would be deleted: ${figures(leaves)}. Storage: ${showBytes(before)} before, ${showBytes(after)} after.`,
    ...costLines(plan.totals),
    ...(held.units > 0 ? [`Holds keep: ${figures(held)}.`] : []),
    ...(hasUnits(copies) ? [`Would be copied into the archive: ${figures(copies)}.`] : []),
    ...(hasUnits(moves) ? [`Would be answered from the archive only: ${figures(moves)}.`] : []),
    ...(hasUnits(evicts)
      ? [`Would leave search, answered from the archive already: ${figures(evicts)}.`]
      : []),
    ...(plan.left_for_later > 0
      ? [`Left for another plan: ${showCounted(plan.left_for_later, 'day')}.`]
      : []),
    `Nothing was done${plan.saves_policies ? ', and no policy saved' : ''}. To do it, within a day: alluvium retention apply ${printable(plan.id)}`,
  ];
  const rows = [
    ...plan.leaving.map((unit) => planRow(unit, unit.kept_in ? 'evicted' : 'deleted')),
    ...expiring.map((unit) => planRow(unit, 'deleted')),
    ...plan.held.map((unit) => planRow(unit, 'kept')),
    ...copying.map((unit) => planRow(unit, 'copied')),
    ...moving.map((unit) => planRow(unit, 'moved')),
  ];
  return `${renderTable(PLAN_HEAD, rows)}\n${sums.join('\n')}\n${describeClock(plan.clock)}`;
}

/** What storage costs, where prices are set. */
function costLines({ cost }: Plan['totals']): readonly string[] {
  if (!cost) return [];
  const { currency, per_month_before: before, per_month_after: after, unpriced_tiers: unpriced } = cost;
  const free = unpriced.length > 0 ? ` Without a price: ${unpriced.map(printable).join(', ')}.` : '';
  return [`Storage costs ${before} ${printable(currency)} a month before, ${after} after.${free}`];
}

/** Outcomes of units of which the run tells why. */
const STAYED: ReadonlySet<string> = new Set(['kept', 'not_copied', 'not_moved']);

/** What a run removed, what it kept and why, and what the engine says of it. */
export function describeRun({
  id,
  state,
  planned,
  removed,
  kept,
  copied,
  not_copied: notCopied,
  moved,
  not_moved: notMoved,
  read_back: found,
  error,
  units,
}: Run): string {
  const lines = [
    `The run ${printable(id)} ended as ${printable(state)}${error === undefined ? '.' : `: ${printable(error)}`}`,
    `Planned: ${figures(planned)}.`,
    `Removed: ${figures(removed)}.`,
    `Kept: ${figures(kept)}.`,
    ...(hasUnits(copied) ? [`Copied into the archive: ${figures(copied)}.`] : []),
    ...(hasUnits(notCopied) ? [`Not copied: ${figures(notCopied)}.`] : []),
    ...(hasUnits(moved) ? [`Answered from the archive only: ${figures(moved)}.`] : []),
    ...(hasUnits(notMoved) ? [`Not moved: ${figures(notMoved)}.`] : []),
    ...(units ?? []).filter(({ outcome }) => STAYED.has(outcome ?? '')).map(keptLine),
    ...(found
      ? [
          `Read back: of the removed days ${found.gone} are gone, ${found.with_later_events} have only events that came later, ${found.wrong} still have what was planned.`,
        ]
      : []),
  ];
  return `${lines.join('\n')}\n`;
}

const RUNS_HEAD = ['RUN', 'BEGUN', 'BY', 'STATE', 'PLANNED', 'REMOVED', 'KEPT'] as const;

/** A line for each run. */
export function describeRuns(runs: readonly Run[]): string {
  return renderTable(
    RUNS_HEAD,
    runs.map(({ id, begun_at: begun, by, state, planned, removed, kept }) => [
      ...[id, begun.slice(0, 19), by.key_name ?? by.kind, state],
      ...[planned, removed, kept].map(shortFigures),
    ]),
  );
}

function planRow(
  { stream, day, events, bytes, why, policy, held_by: held = [] }: Unit,
  fate: string,
): readonly string[] {
  return [stream, fate, day, String(events), showBytes(bytes), why, policy, held.join(',') || '-'];
}

function keptLine({ stream, day, reason, detail }: Unit): string {
  return `  ${printable(stream)} ${printable(day)}: ${printable(detail ?? reason ?? '')}`;
}

function describeClock({ state, detail }: Clock): string {
  return state === 'trusted'
    ? ''
    : `The clock is not trusted (${printable(state)}). ${printable(detail ?? '')}\n`;
}

function hasUnits(count: Figures | undefined): boolean {
  return (count?.units ?? 0) > 0;
}

function figures({ units, events, bytes }: Figures = { units: 0, events: 0, bytes: 0 }): string {
  return `${showCounted(units, 'day')}, ${showCounted(events, 'event')}, ${showBytes(bytes)}`;
}

function shortFigures({ units, bytes }: Figures = { units: 0, events: 0, bytes: 0 }): string {
  return units === 0 ? '-' : `${showCounted(units, 'day')}, ${showBytes(bytes)}`;
}
