import type { AggregateQuery, AggregateResult, EventSelection, Metric } from '#plugin-kit';
import { formatTimestamp } from '#event-model';
import { Problem, type RequestMistake } from '../problems/problem.js';
import { shownStats } from './shown-stats.js';
import { intervalSeconds, type AggregateRequest, type MetricRequest } from './aggregate-request.schema.js';

/**
 * The typed question of a request.
 *
 * @throws Problem `invalid_request` where names of metrics or fields don't fit each other
 */
export function toQuestion(selection: EventSelection, request: AggregateRequest): AggregateQuery {
  const metrics = request.metrics.map(toMetric);
  const names = metrics.map(({ name }) => name);
  const orderBy = request.order_by ?? names[0] ?? '';
  const mistakes = [
    ...repeated(names, 'metrics', 'Give each metric a name of its own.'),
    ...repeated(request.group_by, 'group_by', 'Name each field once.'),
    ...(names.includes(orderBy) ? [] : [unknownOrder(names)]),
  ];
  if (mistakes.length > 0)
    throw new Problem('invalid_request', 'The request contradicts itself; see errors.', { errors: mistakes });
  const seconds = request.interval === undefined ? undefined : intervalSeconds(request.interval);
  const { fill, limit, order } = request;
  const shape = { metrics, groupBy: request.group_by, fill, limit, orderBy, order };
  return { ...selection, ...shape, ...(seconds !== undefined && { intervalSeconds: seconds }) };
}

/** A result in the words of the API. */
export function toAnswer(query: AggregateQuery, { buckets, approximations, source, stats }: AggregateResult) {
  const names = query.metrics.map(({ name }) => name);
  const groups = new Map<readonly unknown[], Record<string, unknown>>();
  const times = new Map<bigint, string>();
  return {
    buckets: buckets.map(({ time, group, values }) => ({
      ...(time !== undefined && { time: remember(times, time, () => formatTimestamp(time)) }),
      group: remember(groups, group, () => named(query.groupBy, group)),
      metrics: named(names, values),
    })),
    is_exact: approximations.length === 0,
    approximations,
    source,
    stats: shownStats(stats),
  };
}

function toMetric(metric: MetricRequest): Metric {
  return { ...metric, name: metric.name ?? defaultName(metric) };
}

function defaultName(metric: MetricRequest): string {
  if (metric.function === 'count' && metric.field === undefined) return 'count';
  return metric.function === 'percentile'
    ? `p${metric.percentile}_${metric.field}`
    : `${metric.function}_${metric.field}`;
}

function repeated(names: readonly string[], path: string, mend: string): RequestMistake[] {
  const twice = new Set(names.filter((each, i) => names.indexOf(each) !== i));
  return [...twice].map((each) => ({ path, message: `"${each}" is there twice`, mend }));
}

function unknownOrder(names: readonly string[]): RequestMistake {
  return {
    path: 'order_by',
    message: 'is no metric of the request',
    mend: `Send one of ${names.join(', ')}.`,
  };
}

/** Without a prototype, so that a field named `__proto__` is only a name. */
function named<T>(names: readonly string[], values: readonly T[]): Record<string, T> {
  const object = Object.create(null) as Record<string, T>;
  for (const [i, name] of names.entries()) object[name] = values[i] as T;
  return object;
}

function remember<K, V>(known: Map<K, V>, key: K, make: () => V): V {
  const value = known.get(key) ?? make();
  known.set(key, value);
  return value;
}
