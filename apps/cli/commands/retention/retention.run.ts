import { setTimeout as pause } from 'node:timers/promises';
import { UsageError } from '../../cli-error.js';
import type { ApiClient } from '../../client/api-client.js';
import type { ServerOptions } from '../../client/server-place.js';
import { withApi } from '../../client/with-api.js';
import { EXIT } from '../../exit-codes.js';
import { jsonLine } from '../../output/printable.js';
import { Progress } from '../../output/progress.js';
import { writeOut } from '../../output/write-out.js';
import type { Plan, Run, Status } from './retention-answers.js';
import { describePlan, describeRun, describeRuns, describeStatus } from './retention-texts.js';

/** What every command about retention takes. */
export interface RetentionOptions extends ServerOptions {
  readonly json?: true;
}

export interface PlanOptions extends RetentionOptions {
  readonly stream?: string;
  readonly keep?: string;
}

export interface ApplyOptions extends RetentionOptions {
  readonly acceptClock?: true;
}

const PATH = '/api/v1/retention';
/** Between two looks at a run: milliseconds. */
const LOOK_EVERY_MS = 300;

/** Prints what policies want and what is stored. */
export async function showStatus(options: RetentionOptions): Promise<void> {
  await withApi(options, async (api) => {
    const status = await api.json<Status>({ path: `${PATH}/status` });
    await writeOut(options.json ? `${jsonLine(status)}\n` : describeStatus(status));
  });
}

/** Prints what would be deleted. */
export async function makePlan(options: PlanOptions): Promise<void> {
  const { stream, keep } = options;
  if (keep !== undefined && stream === undefined)
    throw new UsageError('--keep is the policy of one stream.', 'Name it with --stream.');
  const json = {
    ...(stream !== undefined && { streams: [stream] }),
    ...(keep !== undefined && { policies: { [`stream:${stream}`]: { keep } } }),
  };
  await withApi(options, async (api) => {
    const plan = await api.json<Plan>({ method: 'POST', path: `${PATH}/plan`, json });
    await writeOut(options.json ? `${jsonLine(plan)}\n` : describePlan(plan));
  });
}

/** Applies a plan and tells what came of it. */
export async function applyPlan(id: string, options: ApplyOptions): Promise<void> {
  const json = { plan: id, ...(options.acceptClock && { accept_clock: true }) };
  await withApi(options, async (api) => {
    const { job } = await api.json<{ readonly job: string }>({ method: 'POST', path: `${PATH}/apply`, json });
    const run = await ended(api, job);
    await writeOut(options.json ? `${jsonLine(run)}\n` : describeRun(run));
    process.exitCode = exitOf(run);
  });
}

/** Prints what was deleted. */
export async function listRuns(options: RetentionOptions): Promise<void> {
  await withApi(options, async (api) => {
    const { runs } = await api.json<{ readonly runs: readonly Run[] }>({ path: `${PATH}/runs` });
    await writeOut(options.json ? runs.map((run) => `${jsonLine(run)}\n`).join('') : describeRuns(runs));
  });
}

async function ended(api: ApiClient, id: string): Promise<Run> {
  let note = 'The run begins.';
  const progress = new Progress({ render: () => note });
  try {
    for (;;) {
      const run = await api.json<Run>({ path: `${PATH}/runs/${encodeURIComponent(id)}` });
      if (run.state !== 'running') return run;
      note = `${run.units?.length ?? 0} of ${run.planned.units} days.`;
      await pause(LOOK_EVERY_MS);
    }
  } finally {
    progress.end();
  }
}

function exitOf({ state, kept, read_back: found }: Run): number {
  if (state !== 'done' || (found?.wrong ?? 0) > 0) return EXIT.failed;
  return (kept?.units ?? 0) > 0 ? EXIT.partly : EXIT.done;
}
