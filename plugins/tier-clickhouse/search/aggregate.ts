import type { AggregateQuery, AggregateResult, StreamSpec } from '#plugin-kit';
import type { Engine, StatementResult } from '../engine/engine.js';
import { emptyBuckets, toBuckets, type BucketRow } from './aggregate-buckets.js';
import { asTooManyGroups, questionSettings } from './aggregate-limits.js';
import { planAggregate } from './aggregate-plan.js';
import { renderStatement } from './aggregate-statement.js';
import { BoundValues } from './bound-values.js';
import { writtenStreams, isUnwritten } from './written-streams.js';

/** What a question runs with. */
export interface QuestionContext {
  readonly engine: Engine;
  /** Bytes of memory that the engine may use in all. */
  readonly memoryBytes: number;
}

/**
 * Computes figures over the events of all streams as over one table: one statement, whatever number of streams.
 *
 * @throws TooManyGroupsError; TierError
 */
export async function aggregateEvents(
  context: QuestionContext,
  query: AggregateQuery,
  signal?: AbortSignal,
): Promise<AggregateResult> {
  const started = performance.now();
  const plan = planAggregate(query);
  const streams = query.streams;
  const result = streams.length === 0 ? undefined : await runWritten(context, query, signal);
  const rows = result?.rows<BucketRow>() ?? [];
  return {
    buckets: rows.length === 0 ? emptyBuckets(query) : toBuckets(plan, rows),
    approximations: plan.metrics
      .filter(({ isApproximate }) => isApproximate)
      .map(({ metric }) => metric.name),
    source: plan.isCounted ? 'roll_up' : 'events',
    stats: {
      rowsRead: result?.rowsRead ?? 0,
      bytesRead: result?.bytesRead ?? 0,
      elapsedMs: Math.round((performance.now() - started) * 10) / 10,
    },
  };
}

/** A stream that nothing was written to has no table: it is left out, and the question asked again of the others. */
async function runWritten(
  context: QuestionContext,
  query: AggregateQuery,
  signal: AbortSignal | undefined,
): Promise<StatementResult | undefined> {
  try {
    return await run(context, query, signal);
  } catch (error) {
    if (!isUnwritten(error)) throw asTooManyGroups(error);
  }
  const streams: readonly StreamSpec[] = await writtenStreams(context.engine, query.streams);
  return streams.length === 0 ? undefined : run(context, { ...query, streams }, signal);
}

function run(context: QuestionContext, query: AggregateQuery, signal: AbortSignal | undefined) {
  const values = new BoundValues();
  const statement = renderStatement(planAggregate(query), values);
  const settings = questionSettings(context.memoryBytes, query.timeoutMs);
  const options = { lane: 'read' as const, parameters: values.parameters, ...(signal && { signal }) };
  return context.engine.run(`${statement}${settings}`, options);
}
