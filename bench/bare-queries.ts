import { Session } from 'chdb';
import type { BareQueriesJob, BareQueriesResult } from './bare-queries-job.js';
import { timeRuns } from './time-runs.js';

/** The engine alone on tables that the appliance made: what a query costs with nothing around it. */
async function measure(
  session: Session,
  { statements, ...runs }: BareQueriesJob,
): Promise<BareQueriesResult> {
  const times: (readonly number[])[] = [];
  for (const statement of statements) {
    const ask = async (): Promise<string> =>
      (await session.queryAsync(statement, { format: 'JSONEachRow' })).text();
    times.push((await timeRuns(ask, runs)).times);
  }
  return times;
}

process.once('message', (job: BareQueriesJob) => {
  const session = new Session(job.directory);
  void measure(session, job).then((times) => {
    session.close();
    process.send?.(times, () => process.disconnect());
  });
});
