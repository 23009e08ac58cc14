import { formatTimestamp } from '#event-model';
import type { Metric, MetricValue, StreamSpec } from '#plugin-kit';
import { UNIQUE_FUNCTION } from '../schema/roll-up-table.js';
import { keyColumn, numberColumn, presence, timeColumn, type SharedColumn } from './aggregate-columns.js';

/** An aggregate function as the engine names it, so that its states can be kept and merged. */
interface EngineFunction {
  readonly name: string;
  /** In parentheses before the arguments; empty where it has none. */
  readonly parameters: string;
  readonly argument: string;
  /** The argument is a column of this function's states. */
  readonly ofStates?: boolean;
}

/** One metric of a statement. */
export interface MetricPlan {
  readonly metric: Metric;
  /** What the function is applied to; undefined for a count of all events. */
  readonly operand: SharedColumn | undefined;
  /** The function over an operand column of this name. */
  readonly apply: (operand: string) => EngineFunction;
  readonly isApproximate: boolean;
  readonly read: (value: unknown) => MetricValue;
}

/** How the engine makes a metric over these streams. @throws TierError `query` */
export function planMetric(metric: Metric, streams: readonly StreamSpec[]): MetricPlan {
  switch (metric.function) {
    case 'count':
      return planCount(metric, streams);
    case 'unique':
      return planUnique(metric, streams);
    case 'percentile':
      return {
        ...planNumber(metric, numberColumn(metric.field, streams)),
        isApproximate: true,
        apply: (argument) => ({
          name: 'quantileTDigest',
          parameters: `(${Number(metric.percentile) / 100})`,
          argument,
        }),
      };
    case 'min':
    case 'max':
      return planNumber(metric, timeColumn(metric.field, streams) ?? numberColumn(metric.field, streams));
    default:
      return planNumber(metric, numberColumn(metric.field, streams));
  }
}

/** The function's result. */
export function renderFunction({ name, parameters, argument, ofStates }: EngineFunction): string {
  return `${name}${ofStates ? 'Merge' : ''}${parameters}(${argument})`;
}

/** The function's state, of which {@link renderMerge} makes the result. */
export function renderState({ name, parameters, argument, ofStates }: EngineFunction): string {
  return `${name}${ofStates ? 'Merge' : ''}State${parameters}(${argument})`;
}

/** The result over states in a column. */
export function renderMerge({ name, parameters }: EngineFunction, column: string): string {
  return `${name}Merge${parameters}(${column})`;
}

function planCount(
  metric: Metric & { readonly function: 'count' },
  streams: readonly StreamSpec[],
): MetricPlan {
  const operand = metric.field === undefined ? undefined : keyColumn(metric.field, streams);
  return {
    metric,
    operand,
    apply: (column) => {
      const condition = operand && presence(operand, column);
      return condition === undefined
        ? { name: 'count', parameters: '', argument: '' }
        : { name: 'countIf', parameters: '', argument: condition };
    },
    isApproximate: false,
    read: Number,
  };
}

function planUnique(
  metric: Metric & { readonly function: 'unique' },
  streams: readonly StreamSpec[],
): MetricPlan {
  const operand = keyColumn(metric.field, streams);
  // Few values cost the same exactly.
  const isExact = metric.exact || operand.isKeyword;
  return {
    metric,
    operand,
    apply: (column) => {
      const condition = presence(operand, column);
      const name = isExact ? 'uniqExactIf' : UNIQUE_FUNCTION;
      // NULL is no value to the engine either.
      return condition === undefined || operand.form === 'number' || operand.form === 'bool'
        ? { name: name.replace(/If$/, ''), parameters: '', argument: column }
        : { name, parameters: '', argument: `${column}, ${condition}` };
    },
    isApproximate: !isExact,
    read: Number,
  };
}

function planNumber(metric: Metric, operand: SharedColumn): MetricPlan {
  const isWide = operand.numberType === 'Int64' || operand.numberType === 'UInt64';
  // Sums of 64-bit integers pass their type, and averages are made of sums.
  const wide = { sum: 'toInt128', avg: 'toFloat64' }[metric.function as string];
  return {
    metric,
    operand,
    apply: (column) => ({
      name: `${metric.function}OrNull`,
      parameters: '',
      argument: isWide && wide !== undefined ? `${wide}(${column})` : column,
    }),
    isApproximate: false,
    read: operand.form === 'time' ? readTime : readNumber,
  };
}

/** The engine's text of a wide integer becomes a number where that holds it. */
export function readNumber(value: unknown): number | string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

function readTime(value: unknown): string | null {
  return value === null || value === undefined ? null : formatTimestamp(BigInt(String(value)));
}
