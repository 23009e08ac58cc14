import { Session } from 'chdb';
import type { BareQueriesJob } from './bare-queries-job.js';

/** The engine alone on tables that the appliance made: what a query costs with nothing around it. */
async function measure(session: Session, job: BareQueriesJob): Promise<number[][]> {
  const times: number[][] = [];
  for (const statement of job.statements) {
    const own: number[] = [];
    for (let run = -job.warmUps; run < job.runs; run += 1) {
      const started = performance.now();
      (await session.queryAsync(statement, { format: 'JSONEachRow' })).text();
      if (run >= 0) own.push(performance.now() - started);
    }
    times.push(own);
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
