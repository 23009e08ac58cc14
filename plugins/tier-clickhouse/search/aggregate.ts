import type { AggregateQuery, AggregateResult } from '#plugin-kit';
import type { StatementResult } from '../engine/engine.js';
import { emptyBuckets, toBuckets, type BucketRow } from './aggregate-buckets.js';
import { planAggregate, type AggregatePlan } from './aggregate-plan.js';
import { renderStatement } from './aggregate-statement.js';
import { BoundValues } from './bound-values.js';
import { runQuestion, type QuestionContext } from './question.js';
import { isUnwritten, writtenStreams } from './written-streams.js';

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
  const result = query.streams.length === 0 ? undefined : await runWritten(context, plan, signal);
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
  plan: AggregatePlan,
  signal: AbortSignal | undefined,
): Promise<StatementResult | undefined> {
  try {
    return await run(context, plan, signal);
  } catch (error) {
    if (!isUnwritten(error)) throw error;
  }
  const streams = await writtenStreams(context.engine, plan.query.streams);
  // The columns stay those of all streams, so that values are read as they were planned.
  return streams.length === 0
    ? undefined
    : run(context, { ...plan, query: { ...plan.query, streams } }, signal);
}

function run(context: QuestionContext, plan: AggregatePlan, signal: AbortSignal | undefined) {
  const values = new BoundValues();
  const statement = renderStatement(plan, values);
  return runQuestion(context, { statement, values, timeoutMs: plan.query.timeoutMs }, signal);
}
