import { MAX_BUCKETS } from '#plugin-kit';
import { renderFunction, renderMerge, renderState } from './aggregate-metrics.js';
import { bucketColumns, renderRows, type AggregatePlan } from './aggregate-plan.js';
import type { BoundValues } from './bound-values.js';

/**
 * The statement of a question. Its rows have the columns `_t` (number of the interval), `_g0` … (groups), `_m0` … (metrics)
 * and, for series of groups, `_place` (rank of the group, from 1). One bucket more than may be tells that there are too many.
 */
export function renderStatement(plan: AggregatePlan, values: BoundValues): string {
  const { query, keys } = plan;
  if (query.intervalSeconds === undefined)
    return keys.length === 0 ? oneBucket(plan, values) : topGroups(plan, values);
  return keys.length === 0 ? series(plan, values) : seriesOfTopGroups(plan, values);
}

function oneBucket(plan: AggregatePlan, values: BoundValues): string {
  return `SELECT ${metricColumns(plan).join(', ')} FROM (${renderRows(plan, values)})`;
}

function topGroups(plan: AggregatePlan, values: BoundValues): string {
  const ranking = [`_m${rankingMetric(plan)} ${orderOf(plan)}`, ...bucketColumns(plan)];
  return `${buckets(plan, values)} ORDER BY ${ranking.join(', ')} LIMIT ${Math.trunc(plan.query.limit)}`;
}

function series(plan: AggregatePlan, values: BoundValues): string {
  return `${buckets(plan, values)} ORDER BY _t LIMIT ${MAX_BUCKETS + 1}`;
}

/** Groups are ranked by their whole range: the states of their intervals are merged, so the events are read once. */
function seriesOfTopGroups(plan: AggregatePlan, values: BoundValues): string {
  const ranking = rankingMetric(plan);
  const ranked = engineFunction(plan, ranking);
  const groups = plan.keys.map((_, i) => `_g${i}`).join(', ');
  const shown = [...bucketColumns(plan), ...plan.metrics.map((_, i) => `_m${i}`)].join(', ');
  const states = buckets(plan, values, [`${renderState(ranked)} AS _ranked`]);
  const totals = `SELECT ${shown}, ${renderMerge(ranked, '_ranked')} OVER (PARTITION BY ${groups}) AS _total FROM (${states})`;
  const places = `SELECT ${shown}, dense_rank() OVER (ORDER BY _total ${orderOf(plan)}, ${groups}) AS _place FROM (${totals})`;
  return `SELECT ${shown}, _place FROM (${places}) WHERE _place <= ${Math.trunc(plan.query.limit)} ORDER BY _t, _place LIMIT ${MAX_BUCKETS + 1}`;
}

function buckets(plan: AggregatePlan, values: BoundValues, more: readonly string[] = []): string {
  const by = bucketColumns(plan);
  const columns = [...by, ...metricColumns(plan), ...more].join(', ');
  return `SELECT ${columns} FROM (${renderRows(plan, values)}) GROUP BY ${by.join(', ')}`;
}

function metricColumns(plan: AggregatePlan): readonly string[] {
  return plan.metrics.map((_, i) => `${renderFunction(engineFunction(plan, i))} AS _m${i}`);
}

function engineFunction({ metrics, operandNames }: AggregatePlan, index: number) {
  const metric = metrics[index];
  if (!metric) throw new Error('A question has no metric to be ranked by.');
  return metric.apply(operandNames[index] ?? '');
}

function rankingMetric({ query }: AggregatePlan): number {
  return query.metrics.findIndex(({ name }) => name === query.orderBy);
}

/** Groups without a value come last either way. */
function orderOf({ query }: AggregatePlan): string {
  return query.order === 'desc' ? 'DESC NULLS LAST' : 'ASC NULLS LAST';
}
